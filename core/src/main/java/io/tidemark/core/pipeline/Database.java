package io.tidemark.core.pipeline;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tidemark.core.tls.DatabaseSockets;
import io.tidemark.core.tls.TlsFiles;
import java.net.URLEncoder;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
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
 * @param tls whom to trust and who to be; without authorities the driver's default ones are trusted
 */
public record Database(
        String host,
        int port,
        String name,
        String user,
        @Nullable Secret password,
        SslMode sslMode,
        TlsFiles tls) {

    /** With what the driver trusts by itself. */
    public Database(String host, int port, String name, String user, @Nullable Secret password, SslMode sslMode) {
        this(host, port, name, user, password, sslMode, TlsFiles.NONE);
    }

    /** Where it is and how it is secured, for the driver; without user and password. */
    public String jdbcUrl() {
        return "jdbc:postgresql://" + bracketed(host) + ":" + port + "/" + encoded(name) + "?"
                + security().entrySet().stream()
                        .map(property -> property.getKey() + "=" + encoded(property.getValue()))
                        .collect(Collectors.joining("&"));
    }

    /** How it is secured, by the names of the driver's properties. */
    public Map<String, String> security() {
        Map<String, String> properties = new LinkedHashMap<>();
        properties.put("sslmode", sslMode.text());
        if (!tls.equals(TlsFiles.NONE) && sslMode != SslMode.DISABLE) {
            properties.put("sslfactory", DatabaseSockets.class.getName());
            put(properties, "sslrootcert", tls.authorities());
            put(properties, "sslcert", tls.certificate());
            put(properties, "sslkey", tls.key());
        }
        return properties;
    }

    private static void put(Map<String, String> properties, String name, @Nullable Path file) {
        if (file != null) {
            properties.put(name, file.toString());
        }
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
