package io.tidemark.core.tls;

import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** How the services' own HTTP is encrypted, by the environment. Pure but for the files. */
public final class HttpTls {
    /** Names a PEM file with the certificate of the services' HTTP, and of its issuers behind it. */
    public static final String CERTIFICATE = "TIDEMARK_HTTP_SSLCERT";

    /** Names a PEM file with its private key. */
    public static final String KEY = "TIDEMARK_HTTP_SSLKEY";

    /** Names a PEM file with the authorities that those trust who speak to the services. */
    public static final String AUTHORITIES = "TIDEMARK_HTTP_SSLROOTCERT";

    private HttpTls() {}

    /** Whether the services' HTTP is encrypted. */
    public static boolean isOn(Map<String, String> environment) {
        return isSet(environment, CERTIFICATE) || isSet(environment, KEY);
    }

    /**
     * Micronaut's settings; empty when the HTTP is not encrypted.
     *
     * @param port where the service listens
     * @throws IllegalArgumentException when a file is missing, open to everybody, or the certificate has expired
     */
    public static Map<String, Object> settings(Map<String, String> environment, String port) {
        if (!isOn(environment)) {
            return Map.of();
        }
        Path certificate = required(environment, CERTIFICATE, KEY);
        Path key = required(environment, KEY, CERTIFICATE);
        List<X509Certificate> chain;
        try {
            chain = Pem.certificates(certificate);
        } catch (IllegalArgumentException unusable) {
            throw new IllegalArgumentException(CERTIFICATE + ": " + unusable.getMessage(), unusable);
        }
        for (X509Certificate each : chain) {
            Optional<String> untimely = CertificateVerdict.ofTime(each, Instant.now());
            if (untimely.isPresent()) {
                throw new IllegalArgumentException(CERTIFICATE + ": " + untimely.get() + " (" + certificate + ")");
            }
        }
        Pem.privateKey(KEY, key);
        return Map.of(
                "micronaut.server.ssl.enabled",
                "true",
                "micronaut.server.ssl.port",
                port,
                "micronaut.server.ssl.key-store.certificate-path",
                "file:" + certificate.toAbsolutePath(),
                "micronaut.server.ssl.key-store.key-path",
                "file:" + key.toAbsolutePath());
    }

    /** Whom a client of the services trusts, when the environment says so. */
    public static Optional<TlsFiles> client(Map<String, String> environment) {
        return isSet(environment, AUTHORITIES)
                ? Optional.of(new TlsFiles(Path.of(text(environment, AUTHORITIES)), null, null))
                : Optional.empty();
    }

    private static Path required(Map<String, String> environment, String variable, String other) {
        if (!isSet(environment, variable)) {
            throw new IllegalArgumentException(
                    "expected " + variable + " beside " + other + ", found none: set both or neither");
        }
        return Path.of(text(environment, variable));
    }

    private static boolean isSet(Map<String, String> environment, String variable) {
        return !text(environment, variable).isBlank();
    }

    private static String text(Map<String, String> environment, String variable) {
        @Nullable String text = environment.get(variable);
        return text == null ? "" : text;
    }
}
