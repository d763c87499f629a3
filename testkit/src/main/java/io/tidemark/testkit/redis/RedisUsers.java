package io.tidemark.testkit.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tidemark.testkit.access.AccessScript;
import io.tidemark.testkit.access.ServiceAccount;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Gives the services and applications their users in Redis by deploy/access/redis.acl. Pure. */
public final class RedisUsers {
    private RedisUsers() {}

    /**
     * The rules of each user, by its name, as {@code ACL SETUSER} takes them.
     *
     * @param rows patterns of the pipeline's keys, such as {@code product:*}
     * @param pages patterns of the keys that applications fill
     */
    public static Map<String, List<String>> rules(Collection<String> rows, Collection<String> pages) {
        Map<String, List<String>> users = new LinkedHashMap<>();
        List<String> current = new ArrayList<>();
        for (String line : AccessScript.REDIS.text().split("\n")) {
            List<String> words = List.of(line.strip().split("\\s+"));
            if (words.get(0).equals("user")) {
                current = new ArrayList<>();
                users.put(words.get(1), current);
                current.addAll(words.subList(2, words.size()));
            } else if (words.get(0).equals("+")) {
                for (String word : words.subList(1, words.size())) {
                    current.addAll(repeated(word, rows, pages));
                }
            }
        }
        return users;
    }

    private static List<String> repeated(String word, Collection<String> rows, Collection<String> pages) {
        if (word.contains("<rows>")) {
            return rows.stream().map(row -> word.replace("<rows>", row)).toList();
        }
        if (word.contains("<pages>")) {
            return pages.stream().map(page -> word.replace("<pages>", page)).toList();
        }
        return List.of(word);
    }

    /**
     * The content of an ACL file, which Redis reads at its start.
     *
     * @param rules as {@link #rules} gives them
     * @param ofDefault the password of the default user, who may everything
     * @param passwords of the users
     */
    public static String aclFile(
            Map<String, List<String>> rules, String ofDefault, Map<ServiceAccount, String> passwords) {
        String everything = "user default on #" + hash(ofDefault) + " ~* &* +@all\n";
        return everything
                + passwords.entrySet().stream()
                        .filter(entry -> rules.containsKey(entry.getKey().userName()))
                        .map(entry -> "user " + entry.getKey().userName() + " on #" + hash(entry.getValue()) + " "
                                + String.join(
                                        " ", rules.getOrDefault(entry.getKey().userName(), List.of())) + "\n")
                        .collect(Collectors.joining());
    }

    private static String hash(String password) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(password.getBytes(UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("BUG: every Java has SHA-256", e);
        }
    }
}
