package io.tidemark.core.access;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The tokens that let people in; only their hashes are kept. Thread-safe. */
public final class AccessTokens {
    private static final Logger LOG = LoggerFactory.getLogger(AccessTokens.class);
    private static final int SHORTEST = 24;
    private static final String OF_EVERY_SERVICE = "TIDEMARK";
    private static final int BYTES_MADE = 32;
    private static final String BEARER = "Bearer ";

    private final Map<Role, byte[]> hashes = new EnumMap<>(Role.class);

    private AccessTokens(Map<Role, String> tokens) {
        tokens.forEach((role, token) -> hashes.put(role, hash(token)));
    }

    /** The variable that holds a role's token; with {@code _FILE} after it, the one that names a file with it. */
    public static String variable(String prefix, Role role) {
        return prefix + "_" + role.name() + "_TOKEN";
    }

    /**
     * The tokens that the environment names, for this service or for every one; where it names none for the admin, one is
     * made in that file, readable by its owner only, and found there again at the next start.
     *
     * @param prefix what the service's own variables begin with; those of every service begin with TIDEMARK alone
     * @param roles those that the service tells apart, {@link Role#ADMIN} among them
     * @throws IllegalArgumentException when a token is missing, too short, in a file that everybody may read, or two roles
     *     have the same
     */
    public static AccessTokens of(Map<String, String> environment, String prefix, Set<Role> roles, Path made) {
        Map<Role, String> tokens = new EnumMap<>(Role.class);
        for (Role role : roles) {
            String own = variable(prefix, role);
            String variable = isSet(environment, own) ? own : variable(OF_EVERY_SERVICE, role);
            configured(environment, variable).ifPresent(token -> {
                tokens.forEach((other, known) -> {
                    if (known.equals(token)) {
                        throw new IllegalArgumentException(variable(prefix, other) + " and " + own
                                + ": expected two different tokens, found the same twice");
                    }
                });
                tokens.put(role, token);
            });
        }
        tokens.computeIfAbsent(Role.ADMIN, admin -> made(made));
        return new AccessTokens(tokens);
    }

    /** Whose token this is; takes the same time whatever it is. */
    public Optional<Role> roleOf(String token) {
        byte[] hash = hash(token);
        Role found = null;
        for (Map.Entry<Role, byte[]> known : hashes.entrySet()) {
            found = MessageDigest.isEqual(hash, known.getValue()) ? known.getKey() : found;
        }
        return Optional.ofNullable(found);
    }

    /** Whose token an Authorization header brings; empty where it brings none, or one of nobody. */
    public Optional<Role> roleOfHeader(String authorization) {
        return authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())
                ? roleOf(authorization.substring(BEARER.length()).strip())
                : Optional.empty();
    }

    private static boolean isSet(Map<String, String> environment, String variable) {
        return environment.containsKey(variable) || environment.containsKey(variable + "_FILE");
    }

    private static Optional<String> configured(Map<String, String> environment, String variable) {
        String file = environment.get(variable + "_FILE");
        String direct = environment.get(variable);
        if (file == null && direct == null) {
            return Optional.empty();
        }
        String token = file == null ? direct : SecretFile.read(variable + "_FILE", Path.of(file));
        if (token == null || token.strip().length() < SHORTEST) {
            throw new IllegalArgumentException((file == null ? variable : variable + "_FILE")
                    + ": expected a token of at least " + SHORTEST
                    + " characters; make one with: openssl rand -base64 32");
        }
        return Optional.of(token.strip());
    }

    private static String made(Path file) {
        try {
            Path folder = file.toAbsolutePath().getParent();
            if (folder != null) {
                Files.createDirectories(folder);
            }
            makeIfAbsent(file);
            LOG.info("no token is configured: the admin's token lies in {}", file.toAbsolutePath());
            return SecretFile.read("the admin's token", file);
        } catch (IOException e) {
            throw new UncheckedIOException("the admin's token " + file + " can be neither read nor made", e);
        }
    }

    private static void makeIfAbsent(Path file) throws IOException {
        byte[] fresh = new byte[BYTES_MADE];
        new SecureRandom().nextBytes(fresh);
        Path beside = file.resolveSibling(
                file.getFileName() + "." + ProcessHandle.current().pid());
        Files.deleteIfExists(beside);
        Files.createFile(beside, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(beside, Base64.getUrlEncoder().withoutPadding().encodeToString(fresh) + "\n", UTF_8);
        try {
            Files.createLink(file, beside);
        } catch (FileAlreadyExistsException madeBefore) {
            LOG.debug("the token was made before", madeBefore);
        } finally {
            Files.delete(beside);
        }
    }

    private static byte[] hash(String token) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(token.getBytes(UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("BUG: every Java has SHA-256", e);
        }
    }
}
