package io.tidemark.positions.snapshot;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The mark that tells a snapshot this installation wrote from one that was torn, altered or made by someone else: an
 * HMAC under a key that lies in a file of its own. Thread-safe.
 */
public final class Seal {
    private static final String ALGORITHM = "HmacSHA256";
    private static final String PREFIX = "hmac-sha256:";
    private static final int KEY_BYTES = 32;

    private final SecretKeySpec key;

    private Seal(byte[] key) {
        this.key = new SecretKeySpec(key, ALGORITHM);
    }

    /**
     * The seal under the key in that file, which is made, readable by its owner only, when it is not there.
     *
     * @throws UncheckedIOException when the file can be neither read nor made
     * @throws IllegalArgumentException when the file holds no key
     */
    public static Seal underKeyIn(Path file) {
        try {
            Path parent = file.toAbsolutePath().getParent();
            if (parent != null) {
                Files.createDirectories(parent);
            }
            makeIfAbsent(file);
            if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
                throw new IllegalArgumentException(
                        "expected a plain file at " + file + ", found a link or something else");
            }
            return new Seal(key(file, Files.readString(file, US_ASCII).strip()));
        } catch (IOException e) {
            throw new UncheckedIOException("the snapshot's key " + file + " can be neither read nor made", e);
        }
    }

    /** The seal of that content. */
    String of(byte[] content) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(key);
            return PREFIX + HexFormat.of().formatHex(mac.doFinal(content));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("BUG: every Java has " + ALGORITHM, e);
        }
    }

    /** Whether the content has that seal; takes the same time whatever the seal is. */
    boolean isOn(byte[] content, String seal) {
        return MessageDigest.isEqual(of(content).getBytes(US_ASCII), seal.getBytes(US_ASCII));
    }

    private static void makeIfAbsent(Path file) throws IOException {
        if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        byte[] fresh = new byte[KEY_BYTES];
        new SecureRandom().nextBytes(fresh);
        Path made = file.resolveSibling(
                file.getFileName() + "." + ProcessHandle.current().pid());
        Files.deleteIfExists(made);
        Files.createFile(made, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(made, HexFormat.of().formatHex(fresh) + "\n", US_ASCII);
        try {
            // A link, not a rename: of two instances that start at once, one key wins for both.
            Files.createLink(file, made);
        } catch (FileAlreadyExistsException anotherWasFirst) {
            // Theirs is as good.
        } finally {
            Files.delete(made);
        }
    }

    private static byte[] key(Path file, String text) {
        if (!text.matches("[0-9a-f]{" + 2 * KEY_BYTES + "}")) {
            throw new IllegalArgumentException("expected a key of " + 2 * KEY_BYTES + " hexadecimal digits in " + file
                    + "; remove the file to have another made (snapshots under the old key are then refused)");
        }
        return HexFormat.of().parseHex(text);
    }
}
