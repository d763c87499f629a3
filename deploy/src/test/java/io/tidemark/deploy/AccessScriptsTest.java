package io.tidemark.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.testkit.access.ServiceAccount;
import io.tidemark.testkit.kafka.KafkaAccess;
import io.tidemark.testkit.redis.RedisUsers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.kafka.common.acl.AclBinding;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the scripts of deploy/access would do, without a server: the same as what the demo and the tests do. */
class AccessScriptsTest {
    private static final Map<String, String> OF_THE_FILE =
            Map.of("ROWS", "product:* a&b:*", "PAGES", "page:*", "TABLES", "public.products");

    @TempDir
    Path folder;

    @Test
    void redisUsersPrintsTheRulesThatTheTestsGive() throws Exception {
        Tool.Said said = AccessScripts.REDIS_USERS.run(folder, with("DRY_RUN", "1"), folder.toString());
        List<String> expected = new ArrayList<>();
        RedisUsers.rules(List.of("product:*", "a&b:*"), List.of("page:*"))
                .forEach((user, rules) -> expected.add("user " + user + " " + String.join(" ", rules)));
        assertThat(said.words().lines()).containsExactlyElementsOf(expected);
    }

    @Test
    void redisUsersPrintsAnAclFile() throws Exception {
        Map<ServiceAccount, String> passwords = AccessScripts.passwords(folder);
        Tool.Said said = AccessScripts.REDIS_USERS.run(folder, with("ACLFILE", "1"), folder.toString());
        String expected = RedisUsers.aclFile(
                RedisUsers.rules(List.of("product:*", "a&b:*"), List.of("page:*")), "owner", passwords);
        assertThat(said.words().lines())
                .containsExactlyInAnyOrderElementsOf(expected.lines().skip(1).toList());
    }

    @Test
    void kafkaAclsCallsKafkasToolForEachLine() throws Exception {
        Tool.Said said =
                AccessScripts.KAFKA_ACLS.run(folder, Map.of("DRY_RUN", "1"), "shop", "--bootstrap-server", "b:1");
        List<String> asked = new ArrayList<>();
        for (String line : said.words().lines().toList()) {
            List<String> words = List.of(line.replace("\\*", "*").split(" "));
            assertThat(words.subList(0, 5))
                    .containsExactly("kafka-acls.sh", "--bootstrap-server", "b:1", "--add", "--force");
            assertThat(words.subList(5, 11))
                    .containsExactly(
                            "--allow-principal",
                            words.get(6),
                            words.get(7),
                            words.get(8),
                            "--resource-pattern-type",
                            words.get(10));
            for (int i = 11; i < words.size(); i += 2) {
                assertThat(words.get(i)).isEqualTo("--operation");
                asked.add(String.join(" ", words.get(6), words.get(7), words.get(8), words.get(10), words.get(i + 1)));
            }
        }
        assertThat(asked)
                .containsExactlyElementsOf(KafkaAccess.bindings("shop").stream()
                        .map(AccessScriptsTest::words)
                        .toList());
    }

    private static String words(AclBinding binding) {
        return String.join(
                " ",
                binding.entry().principal(),
                "--" + binding.pattern().resourceType().name().toLowerCase(Locale.ROOT),
                binding.pattern().name(),
                binding.pattern().patternType().name().toLowerCase(Locale.ROOT),
                binding.entry().operation().name().toLowerCase(Locale.ROOT).replace("_", ""));
    }

    @Test
    void withoutWhatTheyNeedTheySayHowTheyAreRunAndDoNothing() throws Exception {
        for (Tool script : List.of(AccessScripts.REDIS_USERS, AccessScripts.POSTGRES_ROLES, AccessScripts.KAFKA_ACLS)) {
            Tool.Said said = script.run(folder);
            assertThat(said.exitCode()).as(said.words()).isEqualTo(2);
            assertThat(said.words())
                    .contains("deploy/access/" + script.program().getFileName())
                    .doesNotContain("set -euo");
        }
    }

    @Test
    void anEmptyPasswordIsRefusedBeforeAnythingIsDone() throws Exception {
        AccessScripts.passwords(folder);
        Files.writeString(folder.resolve("tidemark-cache-writer"), "\n");
        for (Tool script : List.of(AccessScripts.REDIS_USERS, AccessScripts.POSTGRES_ROLES)) {
            // Neither server is there: who would ask it, would say so.
            Tool.Said said = script.run(folder, OF_THE_FILE, folder.toString(), "-p", "1");
            assertThat(said.exitCode()).as(said.words()).isEqualTo(2);
            assertThat(said.words())
                    .contains("expected a password in " + folder.resolve("tidemark-cache-writer")
                            + ", found an empty file");
        }
    }

    private static Map<String, String> with(String name, String value) {
        return Map.of("ROWS", "product:* a&b:*", "PAGES", "page:*", name, value);
    }
}
