package io.tidemark.testkit.tls;

import io.tidemark.testkit.process.Programs;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** An authority of a test's own and the certificates that it issues, as PEM files, made by the JDK's keytool. Not thread-safe. */
public final class CertificateAuthority {
    private static final String PASSWORD = "only-of-this-test";

    private final Path directory;
    private final String name;

    /** @param name its common name */
    public CertificateAuthority(Path directory, String name) {
        this.directory = directory;
        this.name = name;
        try {
            Files.createDirectories(directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        generate("authority", name, List.of("-ext", "bc:c"), 3650, "-0d");
        write(directory.resolve("authority.pem"), certificateOf("authority"), false);
    }

    /**
     * A certificate and its key.
     *
     * @param certificate a PEM file with it and its issuer's
     * @param key a PEM file (PKCS #8) that its owner alone may read
     */
    public record Issued(Path certificate, Path key) {}

    /** The PEM file with the authority's certificate. */
    public Path file() {
        return directory.resolve("authority.pem");
    }

    /**
     * Issues one that is valid now.
     *
     * @param alternativeNames as keytool has them, such as {@code ip:127.0.0.1,dns:localhost}
     */
    public Issued issue(String commonName, String alternativeNames) {
        return issue(commonName, alternativeNames, "-0d", 90);
    }

    /** Issues one that ended a month ago. */
    public Issued issueExpired(String commonName, String alternativeNames) {
        return issue(commonName, alternativeNames, "-60d", 30);
    }

    private Issued issue(String commonName, String alternativeNames, String start, int days) {
        String alias = commonName.replaceAll("[^a-zA-Z0-9-]", "_");
        generate(alias, commonName, List.of(), 90, "-0d");
        keytool(List.of("-certreq", "-alias", alias, "-keystore", store(alias), "-file", path(alias + ".csr")));
        keytool(List.of(
                "-gencert",
                "-rfc",
                "-alias",
                "authority",
                "-keystore",
                store("authority"),
                "-infile",
                path(alias + ".csr"),
                "-outfile",
                path(alias + ".crt"),
                "-ext",
                "san=" + alternativeNames,
                "-startdate",
                start,
                "-validity",
                Integer.toString(days)));
        Path certificate = directory.resolve(alias + ".pem");
        Path key = directory.resolve(alias + ".key");
        try {
            write(certificate, Files.readString(directory.resolve(alias + ".crt")) + Files.readString(file()), false);
            write(key, pem("PRIVATE KEY", key(alias).getEncoded()), true);
            return new Issued(certificate, key);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write the certificate of " + commonName + " by " + name, e);
        }
    }

    private void generate(String alias, String commonName, List<String> more, int days, String start) {
        List<String> command = new ArrayList<>(List.of(
                "-genkeypair",
                "-alias",
                alias,
                "-keystore",
                store(alias),
                "-dname",
                "CN=" + commonName,
                "-keyalg",
                "EC",
                "-groupname",
                "secp256r1",
                "-startdate",
                start,
                "-validity",
                Integer.toString(days)));
        command.addAll(more);
        keytool(command);
    }

    private void keytool(List<String> arguments) {
        List<String> command = new ArrayList<>();
        command.add(Programs.java().resolveSibling("keytool").toString());
        command.add("-J-XX:TieredStopAtLevel=1");
        command.addAll(arguments);
        command.addAll(List.of("-storetype", "PKCS12", "-storepass", PASSWORD));
        try {
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(directory.resolve("keytool.log").toFile())
                    .start();
            if (process.waitFor() != 0) {
                throw new IllegalStateException("keytool " + arguments.get(0) + " failed: "
                        + Files.readString(directory.resolve("keytool.log")));
            }
        } catch (IOException e) {
            throw new UncheckedIOException("keytool cannot be run", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    private String certificateOf(String alias) {
        try {
            return pem("CERTIFICATE", loaded(alias).getCertificate(alias).getEncoded());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("BUG: keytool has just made it", e);
        }
    }

    private Key key(String alias) {
        try {
            return loaded(alias).getKey(alias, PASSWORD.toCharArray());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("BUG: keytool has just made it", e);
        }
    }

    private KeyStore loaded(String alias) throws GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(Path.of(store(alias)))) {
            store.load(in, PASSWORD.toCharArray());
            return store;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + store(alias), e);
        }
    }

    private static String pem(String what, byte[] encoded) {
        return "-----BEGIN " + what + "-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(encoded) + "\n-----END " + what
                + "-----\n";
    }

    private static void write(Path file, String text, boolean secret) {
        try {
            Files.writeString(file, text);
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(secret ? "rw-------" : "rw-r--r--"));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file, e);
        }
    }

    private String store(String alias) {
        return path(alias + ".p12");
    }

    private String path(String file) {
        return directory.resolve(file).toString();
    }
}
