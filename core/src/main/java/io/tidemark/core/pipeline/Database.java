package io.tidemark.core.pipeline;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLEncoder;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A PostgreSQL database and how to get in.
 *
 * @param host name or address
 * @param port TCP port
 * @param name the database's name
 * @param user the role that reads
 * @param password null when the server asks for none
 * @param sslMode how the connection is secured
 * @param sslRootCertificate a PEM file of the authorities to trust; null for the driver's default
 */
public record Database(
        String host,
        int port,
        String name,
        String user,
        @Nullable Secret password,
        SslMode sslMode,
        @Nullable Path sslRootCertificate) {

    /** Where it is and how it is secured, for the driver; without user and password. */
    public String jdbcUrl() {
        return "jdbc:postgresql://" + bracketed(host) + ":" + port + "/" + encoded(name) + "?sslmode=" + sslMode.text()
                + (sslRootCertificate == null ? "" : "&sslrootcert=" + encoded(sslRootCertificate.toString()));
    }

    /** Where it is, for a message. */
    public String place() {
        return bracketed(host) + ":" + port + "/" + name;
    }

    private static String bracketed(String host) {
        return host.indexOf(':') >= 0 && !host.startsWith("[") ? "[" + host + "]" : host;
    }

    private static String encoded(String name) {
        return URLEncoder.encode(name, UTF_8).replace("+", "%20");
    }
}
