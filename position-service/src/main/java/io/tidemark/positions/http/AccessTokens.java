package io.tidemark.positions.http;

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
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The tokens that let people in; only their hashes are kept. Thread-safe. */
public final class AccessTokens {
    /** The variable that names the file with the admin's token; without _FILE it holds the token itself. */
    public static final String ADMIN_VARIABLE = "TIDEMARK_POSITIONS_ADMIN_TOKEN";
    /** The same for those who may only look. */
    public static final String VIEWER_VARIABLE = "TIDEMARK_POSITIONS_VIEWER_TOKEN";

    private static final Logger LOG = LoggerFactory.getLogger(AccessTokens.class);
    private static final int SHORTEST = 24;
    private static final int BYTES_MADE = 32;

    private final byte[] admin;
    private final byte @Nullable [] viewer;

    AccessTokens(String admin, @Nullable String viewer) {
        this.admin = hash(admin);
        this.viewer = viewer == null ? null : hash(viewer);
    }

    /**
     * The tokens that the environment names; where it names none for the admin, one is made in that file, readable by
     * its owner only, and found there again at the next start.
     *
     * @throws IllegalArgumentException when a token is missing, too short, or both roles have the same
     */
    public static AccessTokens of(Map<String, String> environment, Path made) {
        Optional<String> admin = configured(environment, ADMIN_VARIABLE);
        Optional<String> viewer = configured(environment, VIEWER_VARIABLE);
        if (admin.isPresent() && admin.equals(viewer)) {
            throw new IllegalArgumentException(ADMIN_VARIABLE + " and " + VIEWER_VARIABLE
                    + ": expected two different tokens, found the same twice");
        }
        return new AccessTokens(admin.orElseGet(() -> made(made)), viewer.orElse(null));
    }

    /** Whose token this is; takes the same time whatever it is. */
    public Optional<Role> roleOf(String token) {
        byte[] hash = hash(token);
        boolean isAdmin = MessageDigest.isEqual(hash, admin);
        boolean isViewer = viewer != null && MessageDigest.isEqual(hash, viewer);
        return isAdmin ? Optional.of(Role.ADMIN) : isViewer ? Optional.of(Role.VIEWER) : Optional.empty();
    }

    private static Optional<String> configured(Map<String, String> environment, String variable) {
        String file = environment.get(variable + "_FILE");
        String direct = environment.get(variable);
        if (file == null && direct == null) {
            return Optional.empty();
        }
        String token = file == null ? direct : read(variable + "_FILE", Path.of(file));
        if (token == null || token.strip().length() < SHORTEST) {
            throw new IllegalArgumentException((file == null ? variable : variable + "_FILE")
                    + ": expected a token of at least " + SHORTEST
                    + " characters; make one with: openssl rand -base64 32");
        }
        return Optional.of(token.strip());
    }

    private static String read(String variable, Path file) {
        try {
            return Files.readString(file, UTF_8);
        } catch (IOException unreadable) {
            throw new IllegalArgumentException(variable + ": the file " + file + " cannot be read", unreadable);
        }
    }

    private static String made(Path file) {
        try {
            Path folder = file.toAbsolutePath().getParent();
            if (folder != null) {
                Files.createDirectories(folder);
            }
            makeIfAbsent(file);
            LOG.info("no token is configured: the admin's token lies in {}", file.toAbsolutePath());
            return Files.readString(file, UTF_8).strip();
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
