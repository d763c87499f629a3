package io.tidemark.core.tls;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.tidemark.core.access.SecretFile;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads certificates and private keys from PEM files. Pure but for the files. Errors are IllegalArgumentException, in words. */
public final class Pem {
    private static final Pattern KEY =
            Pattern.compile("-----BEGIN PRIVATE KEY-----([A-Za-z0-9+/=\\s]+)-----END PRIVATE KEY-----");
    private static final List<String> ALGORITHMS = List.of("RSA", "EC", "Ed25519");

    private Pem() {}

    /** All certificates of a file, in its order; at least one. */
    public static List<X509Certificate> certificates(Path file) {
        try {
            List<X509Certificate> found = CertificateFactory.getInstance("X.509")
                    .generateCertificates(new ByteArrayInputStream(Files.readAllBytes(file)))
                    .stream()
                    .map(X509Certificate.class::cast)
                    .toList();
            if (found.isEmpty()) {
                throw new IllegalArgumentException(
                        "expected a certificate in PEM form in " + file + ", found none (-----BEGIN CERTIFICATE-----)");
            }
            return found;
        } catch (IOException unreadable) {
            throw new IllegalArgumentException(
                    "the file " + file + " could not be read ("
                            + unreadable.getClass().getSimpleName()
                            + "); it is to hold certificates in PEM form and be readable by this user",
                    unreadable);
        } catch (CertificateException broken) {
            throw new IllegalArgumentException(
                    "expected certificates in PEM form in " + file + ", found something that is none: "
                            + broken.getMessage(),
                    broken);
        }
    }

    /**
     * The private key of a file that its owner alone may read.
     *
     * @param setting what names the file, for messages
     */
    public static PrivateKey privateKey(String setting, Path file) {
        Matcher key = KEY.matcher(SecretFile.read(setting, file));
        if (!key.find()) {
            throw new IllegalArgumentException(setting + ": expected a private key in " + file
                    + " as PEM of PKCS #8 without a password (-----BEGIN PRIVATE KEY-----), found none; make it one with:"
                    + " openssl pkcs8 -topk8 -nocrypt -in old.key -out " + file);
        }
        PKCS8EncodedKeySpec encoded = new PKCS8EncodedKeySpec(
                Base64.getMimeDecoder().decode(key.group(1).getBytes(US_ASCII)));
        for (String algorithm : ALGORITHMS) {
            try {
                return KeyFactory.getInstance(algorithm).generatePrivate(encoded);
            } catch (GeneralSecurityException another) {
                continue;
            }
        }
        throw new IllegalArgumentException(
                setting + ": expected a private key of one of " + ALGORITHMS + " in " + file + ", found another one");
    }
}
