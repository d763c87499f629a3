package io.tidemark.reconciler;

import io.tidemark.core.access.SecretFile;
import io.tidemark.core.pipeline.ScheduledJob;
import io.tidemark.core.pipeline.Upkeep;
import io.tidemark.core.timetable.Every;
import io.tidemark.core.tls.HttpTls;
import io.tidemark.core.tls.TlsFiles;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What the environment says of schedules. Immutable.
 *
 * @param enabled whether this reconciler runs jobs: {@code ENABLE_SCHEDULER}, true by default
 * @param jobs those of the pipeline file, with {@code SYNC_INTERVAL_HOURS} for the search data's net
 * @param cacheWriter where cache-writer is: {@code TIDEMARK_CACHE_WRITER_URL}
 * @param token of cache-writer, empty for none: {@code TIDEMARK_CACHE_WRITER_TOKEN}, else the operator's or the admin's that
 *     cache-writer itself is given
 * @param trust whom to trust where cache-writer's address is https; null for the platform's authorities
 * @param instance names this reconciler in the runs
 */
record ScheduleSettings(
        boolean enabled,
        List<ScheduledJob> jobs,
        URI cacheWriter,
        String token,
        @Nullable TlsFiles trust,
        String instance) {
    private static final String NET = "search-net";
    private static final int MOST_HOURS = 8_760;
    private static final List<String> TOKENS = List.of(
            "TIDEMARK_CACHE_WRITER_TOKEN",
            "TIDEMARK_CACHE_OPERATOR_TOKEN",
            "TIDEMARK_CACHE_ADMIN_TOKEN",
            "TIDEMARK_OPERATOR_TOKEN",
            "TIDEMARK_ADMIN_TOKEN");

    ScheduleSettings {
        jobs = List.copyOf(jobs);
    }

    /** @throws IllegalArgumentException when a variable cannot be used, with its name */
    static ScheduleSettings of(Map<String, String> environment, Upkeep upkeep) {
        String enabled = environment.getOrDefault("ENABLE_SCHEDULER", "").strip();
        if (!enabled.isEmpty() && !enabled.matches("(?i)true|false|1|0|yes|no")) {
            throw new IllegalArgumentException(
                    "expected ENABLE_SCHEDULER to be true or false, found \"" + enabled + "\"");
        }
        String address = environment.getOrDefault("TIDEMARK_CACHE_WRITER_URL", "http://127.0.0.1:8081");
        if (!address.matches("https?://[^/\\s]+/?")) {
            throw new IllegalArgumentException(
                    "expected TIDEMARK_CACHE_WRITER_URL to be like http://cache-writer:8081, found \"" + address
                            + "\"");
        }
        return new ScheduleSettings(
                enabled.isEmpty() || enabled.matches("(?i)true|1|yes"),
                jobs(environment, upkeep),
                URI.create(address),
                token(environment),
                HttpTls.client(environment).orElse(null),
                environment.getOrDefault("HOSTNAME", "reconciler") + "-"
                        + UUID.randomUUID().toString().substring(0, 8));
    }

    private static List<ScheduledJob> jobs(Map<String, String> environment, Upkeep upkeep) {
        String hours = environment.getOrDefault("SYNC_INTERVAL_HOURS", "").strip();
        if (hours.isEmpty()) {
            return upkeep.schedules();
        }
        if (!hours.matches("[1-9][0-9]{0,3}") || Integer.parseInt(hours) > MOST_HOURS) {
            throw new IllegalArgumentException("expected SYNC_INTERVAL_HOURS to be a whole number from 1 to "
                    + MOST_HOURS + ", found \"" + hours + "\"");
        }
        Every every = new Every(Duration.ofHours(Integer.parseInt(hours)));
        return upkeep.schedules().stream()
                .map(job -> job.name().equals(NET) ? job.at(every) : job)
                .toList();
    }

    private static String token(Map<String, String> environment) {
        for (String variable : TOKENS) {
            Optional<String> file = Optional.ofNullable(environment.get(variable + "_FILE"));
            if (file.isPresent()) {
                return SecretFile.read(variable + "_FILE", Path.of(file.get()));
            }
            if (environment.get(variable) != null) {
                return environment.get(variable).strip();
            }
        }
        return "";
    }

    @Override
    public String toString() {
        return "schedules of " + instance;
    }
}
