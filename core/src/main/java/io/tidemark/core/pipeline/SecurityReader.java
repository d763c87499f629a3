package io.tidemark.core.pipeline;

import io.tidemark.core.tls.CertificateVerdict;
import io.tidemark.core.tls.Pem;
import io.tidemark.core.tls.ReasonedTrustFactory;
import io.tidemark.core.tls.TlsFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads how connections are secured, and that the files for it can be used now. Not thread-safe. */
final class SecurityReader {
    private static final List<String> PROTOCOLS = List.of("plaintext", "ssl", "sasl_plaintext", "sasl_ssl");
    private static final List<String> MECHANISMS = List.of("PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512");

    private final Problems problems;

    SecurityReader(Problems problems) {
        this.problems = problems;
    }

    /** {@code sslrootcert}, {@code sslcert} and {@code sslkey} of a section; what stands in the URL counts where the section has none. */
    TlsFiles files(Section section, @Nullable ServerUrl url) {
        Setting authorities = setting(section, url, "sslrootcert");
        Setting certificate = setting(section, url, "sslcert");
        Setting key = setting(section, url, "sslkey");
        if (authorities != null) {
            certificates(authorities);
        }
        if (certificate != null) {
            certificates(certificate).forEach(found -> CertificateVerdict.ofTime(found, Instant.now())
                    .ifPresent(words -> problems.add(certificate.place(), words + " (" + certificate.text() + ")")));
        }
        if (key != null) {
            tell(key, () -> Pem.privateKey("sslkey", Path.of(key.text())));
        }
        if ((certificate == null) != (key == null)) {
            Setting lonely = certificate == null ? key : certificate;
            if (lonely != null) {
                problems.add(
                        lonely.place(), "expected sslcert and sslkey together, found one of them; set both or neither");
            }
        }
        return new TlsFiles(path(authorities), path(certificate), path(key));
    }

    /** What every Kafka client is told, by Kafka's own names. */
    Map<String, Secret> kafka(Section section, @Nullable Secret password) {
        Setting protocol = section.text("protocol");
        Setting mechanism = section.text("mechanism");
        Setting user = section.text("user");
        TlsFiles files = files(section, null);
        String spoken = protocol == null ? "plaintext" : oneOf(protocol, PROTOCOLS, "plaintext");
        Map<String, Secret> properties = new LinkedHashMap<>();
        if (protocol != null) {
            put(properties, "security.protocol", spoken.toUpperCase(Locale.ROOT));
        }
        if (spoken.endsWith("ssl")) {
            putTls(properties, files);
        } else if (!files.equals(TlsFiles.NONE)) {
            problems.add(
                    section.place(),
                    "expected kafka.protocol to be ssl or sasl_ssl where certificates are named, found " + spoken);
        }
        if (spoken.startsWith("sasl")) {
            String spokenMechanism =
                    mechanism == null ? "SCRAM-SHA-512" : oneOf(mechanism, MECHANISMS, "SCRAM-SHA-512");
            if (user == null || password == null) {
                problems.add(
                        section.place(),
                        "expected kafka.user and kafka.password_file for the protocol " + spoken + ", found "
                                + (user == null ? "no user" : "no password"));
            } else {
                putLogin(properties, spokenMechanism, user.text(), password);
            }
        } else if (user != null) {
            problems.add(
                    user.place(),
                    "expected kafka.protocol to be sasl_ssl or sasl_plaintext where a user is named, found " + spoken);
        }
        return properties;
    }

    private void putTls(Map<String, Secret> properties, TlsFiles files) {
        ReasonedTrustFactory.register();
        put(properties, "ssl.trustmanager.algorithm", ReasonedTrustFactory.ALGORITHM);
        if (files.authorities() != null) {
            put(properties, "ssl.truststore.type", "PEM");
            put(properties, "ssl.truststore.certificates", content(files.authorities()));
        }
        if (files.certificate() != null && files.key() != null) {
            put(properties, "ssl.keystore.type", "PEM");
            put(properties, "ssl.keystore.certificate.chain", content(files.certificate()));
            put(properties, "ssl.keystore.key", content(files.key()));
        }
    }

    private static void putLogin(Map<String, Secret> properties, String mechanism, String user, Secret password) {
        String module = mechanism.equals("PLAIN") ? "plain.PlainLoginModule" : "scram.ScramLoginModule";
        put(properties, "sasl.mechanism", mechanism);
        put(
                properties,
                "sasl.jaas.config",
                "org.apache.kafka.common.security." + module + " required username=" + quoted(user) + " password="
                        + quoted(password.reveal()) + ";");
    }

    private static String quoted(String text) {
        return "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
    }

    private static void put(Map<String, Secret> properties, String name, String value) {
        properties.put(name, new Secret(value));
    }

    /** Empty where it cannot be read, which was said before. */
    private static String content(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException unreadable) {
            return "";
        }
    }

    private String oneOf(Setting setting, List<String> known, String otherwise) {
        if (known.contains(setting.text())) {
            return setting.text();
        }
        problems.add(
                setting.place(), "expected one of " + String.join(", ", known) + ", found \"" + setting.text() + "\"");
        return otherwise;
    }

    private List<X509Certificate> certificates(Setting setting) {
        return tell(setting, () -> Pem.certificates(Path.of(setting.text()))).orElse(List.of());
    }

    private interface Reader<T> {
        T read();
    }

    private <T> Optional<T> tell(Setting setting, Reader<T> reader) {
        try {
            return Optional.of(reader.read());
        } catch (IllegalArgumentException unusable) {
            problems.add(setting.place(), String.valueOf(unusable.getMessage()));
            return Optional.empty();
        }
    }

    private static @Nullable Setting setting(Section section, @Nullable ServerUrl url, String name) {
        Setting own = section.text(name);
        return own != null || url == null ? own : url.parameter(name);
    }

    private static @Nullable Path path(@Nullable Setting setting) {
        return setting == null ? null : Path.of(setting.text());
    }
}
