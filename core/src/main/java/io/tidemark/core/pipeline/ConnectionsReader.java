package io.tidemark.core.pipeline;

import io.tidemark.core.tls.TlsFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads where PostgreSQL, Kafka and Redis are. */
final class ConnectionsReader {
    private static final String DEFAULT_NAME = "tidemark";
    private static final String NODES =
            "([^\\s,:/@]+|\\[[0-9a-fA-F:.]+]):\\d{1,5}(,([^\\s,:/@]+|\\[[0-9a-fA-F:.]+]):\\d{1,5})*";

    private final Reading reading;
    private final SecurityReader security;

    ConnectionsReader(Reading reading) {
        this.reading = reading;
        this.security = new SecurityReader(reading.problems());
    }

    SourceSettings source(Section section) {
        Setting url = section.text("url");
        Setting user = section.text("user");
        Secret password = password(section);
        SslMode sslMode = sslMode(section.text("sslmode"));
        Optional<ServerUrl> place = url == null ? Optional.empty() : ServerUrl.postgres(url, reading.problems());
        TlsFiles files = security.files(section, place.orElse(null));
        Database database = null;
        if (url != null) {
            database = place.map(found -> found.database(user == null ? null : user.text(), password, sslMode, files))
                    .orElse(null);
            if (database != null && database.user().isEmpty()) {
                reading.problems()
                        .add(
                                url.place(),
                                "expected a user: postgresql://user@host/database, or source.user; found none");
            }
        }
        String slot = name(section, "slot", "[a-z0-9_]{1,63}", "1 to 63 of a-z, 0-9 and _");
        String publication = name(section, "publication", ".{1,63}", "a name of at most 63 characters");
        section.refuseUnknown();
        return new SourceSettings(database, slot, publication);
    }

    KafkaSettings kafka(Section section) {
        Setting bootstrap = section.text("bootstrap");
        if (bootstrap != null
                && !bootstrap.text().matches("[^\\s,:/]+:\\d{1,5}(,[^\\s,:/]+:\\d{1,5})*")
                && !bootstrap.text().matches("(\\[[0-9a-fA-F:]+]:\\d{1,5},?)+")) {
            reading.problems()
                    .add(
                            bootstrap.place(),
                            "expected one or more brokers as host:port, comma-separated without spaces, found \""
                                    + bootstrap.text() + "\"");
        }
        String prefix = name(section, "prefix", "[a-zA-Z0-9._-]{1,100}", "1 to 100 of a-z, A-Z, 0-9, ., _ and -");
        int partitions = section.integer("partitions", 1, 1000, 4);
        int replication = section.integer("replication", 1, 100, 1);
        Map<String, Secret> properties = new LinkedHashMap<>(security.kafka(section, password(section)));
        properties.putAll(properties(section.section("properties")));
        section.refuseUnknown();
        return new KafkaSettings(
                bootstrap == null ? null : bootstrap.text(), prefix, partitions, replication, properties);
    }

    RedisSettings redis(Section section) {
        Setting url = section.text("url");
        Setting user = section.text("user");
        Secret password = password(section);
        Setting nodes = section.text("nodes");
        TlsFiles files = security.files(section, null);
        int streamLength =
                section.integer("stream_length", 0, RedisSettings.LONGEST_STREAM, RedisSettings.DEFAULT_STREAM_LENGTH);
        section.refuseUnknown();
        RedisSettings.Server server = url == null
                ? null
                : ServerUrl.redis(url, reading.problems())
                        .map(found -> found.server(user == null ? null : user.text(), password, nodesOf(nodes), files))
                        .orElse(null);
        if (nodes != null && server != null && server.database() != 0) {
            reading.problems()
                    .add(
                            nodes.place(),
                            "expected no number of a database in redis.url, as a Redis Cluster has only one; found "
                                    + server.database());
        }
        if (server != null && !server.tls() && !files.equals(TlsFiles.NONE)) {
            reading.problems()
                    .add(
                            section.place(),
                            "expected redis.url to begin with rediss:// where certificates are named, found redis://");
        }
        return new RedisSettings(server, streamLength);
    }

    private List<String> nodesOf(@Nullable Setting nodes) {
        if (nodes == null) {
            return List.of();
        }
        if (!nodes.text().matches(NODES)) {
            reading.problems()
                    .add(
                            nodes.place(),
                            "expected nodes of a Redis Cluster as host:port, comma-separated without spaces, found \""
                                    + nodes.text() + "\"");
            return List.of();
        }
        return List.of(nodes.text().split(","));
    }

    private Map<String, Secret> properties(Section section) {
        Map<String, Secret> properties = new LinkedHashMap<>();
        for (String name : section.names()) {
            Setting value = section.text(name);
            if (value != null) {
                properties.put(name, new Secret(value.text()));
            }
        }
        return properties;
    }

    private String name(Section section, String name, String pattern, String expected) {
        Setting setting = section.text(name);
        if (setting == null) {
            return DEFAULT_NAME;
        }
        if (!setting.text().matches(pattern)) {
            reading.problems().add(setting.place(), "expected " + expected + ", found \"" + setting.text() + "\"");
        }
        return setting.text();
    }

    private @Nullable SslMode sslMode(@Nullable Setting setting) {
        return setting == null ? null : SslMode.of(setting, reading.problems()).orElse(null);
    }

    /** The password, or what the file named for it holds. The environment's wins over the file's, in either form. */
    private @Nullable Secret password(Section section) {
        Setting password = section.text("password");
        Setting file = section.text("password_file");
        if (password != null && file != null) {
            boolean fromEnvironment = password.place().line() == 0;
            if (fromEnvironment == (file.place().line() == 0)) {
                reading.problems().add(file.place(), "password and password_file are both set; keep one of the two");
                return null;
            }
            return fromEnvironment ? new Secret(password.text()) : contentOf(file);
        }
        return file != null ? contentOf(file) : password == null ? null : new Secret(password.text());
    }

    private @Nullable Secret contentOf(Setting file) {
        try {
            String content = Files.readString(Path.of(file.text())).replaceAll("\\R+$", "");
            if (!content.isEmpty()) {
                return new Secret(content);
            }
            reading.problems().add(file.place(), "expected a password in " + file.text() + ", found an empty file");
        } catch (IOException | InvalidPathException failed) {
            reading.problems()
                    .add(
                            file.place(),
                            "the file " + file.text() + " could not be read ("
                                    + failed.getClass().getSimpleName()
                                    + "); it is to hold the password and be readable by this user");
        }
        return null;
    }
}
