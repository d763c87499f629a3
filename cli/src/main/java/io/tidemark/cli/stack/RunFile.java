package io.tidemark.cli.stack;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * What runs and where: the content of {@value #NAME}, written by {@code up} and {@code demo} and read by every other
 * command, by scripts and by benchmarks.
 *
 * @param pid the process that started everything and stops it
 * @param mode {@code up} or {@code demo}
 * @param orderApi the simulated order API, where one was started
 * @param token the file that holds the services' admin token; null when the token was given in another way
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record RunFile(
        long pid,
        String mode,
        Server postgres,
        Broker kafka,
        Server redis,
        Map<String, Service> services,
        @Nullable Server orderApi,
        @Nullable String token) {

    public static final String NAME = "run.json";

    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    /**
     * PostgreSQL or Redis.
     *
     * @param url without a password
     * @param passwordFile null when none is needed, or when the password was given in another way
     * @param pid null when it was not started here
     * @param managed whether it was started here
     */
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record Server(
            String url,
            @Nullable String passwordFile,
            @Nullable Long pid,
            boolean managed) {}

    /** Kafka; {@code bootstrap} is a comma-separated list of host:port. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record Broker(String bootstrap, @Nullable Long pid, boolean managed) {}

    /** One of our services. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record Service(String url, long pid) {}

    /** Reads the file; empty when there is none. */
    public static Optional<RunFile> read(Path file) throws IOException {
        return Files.exists(file) ? Optional.of(JSON.readValue(file.toFile(), RunFile.class)) : Optional.empty();
    }

    /** The file's text. */
    public String text() {
        try {
            return JSON.writeValueAsString(this) + "\n";
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("BUG: a run file is always JSON", e);
        }
    }

    /** Every process that the writer of this file started. */
    LongStream children() {
        LongStream.Builder pids = LongStream.builder();
        for (Long pid :
                new Long[] {postgres.pid(), kafka.pid(), redis.pid(), orderApi == null ? null : orderApi.pid()}) {
            if (pid != null) {
                pids.add(pid);
            }
        }
        services.values().forEach(service -> pids.add(service.pid()));
        return pids.build();
    }
}
