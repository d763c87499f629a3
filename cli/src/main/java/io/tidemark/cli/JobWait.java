package io.tidemark.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.tidemark.cli.api.AdminClient;
import io.tidemark.cli.failure.CommandFailure;
import io.tidemark.cli.failure.ExitCode;
import io.tidemark.cli.screen.Screen;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import picocli.CommandLine.Option;

/** Waits until something is over that a service has begun, and shows how far it is, as long as the user wants to. */
final class JobWait {
    private static final long LOOK_EVERY_MILLIS = 200;

    @Option(names = "--no-wait", description = "Return as soon as it has begun.")
    private boolean noWait;

    @Option(
            names = "--timeout",
            paramLabel = "D",
            defaultValue = "1h",
            description = "How long to wait at most; it goes on after that (default: ${DEFAULT-VALUE}).")
    private Duration timeout = Duration.ofHours(1);

    /** Whether the user wants the result, and not only that it has begun. */
    boolean isWanted() {
        return !noWait;
    }

    /**
     * The last state of what has begun; at once the state it has where waiting is not wanted.
     *
     * @param begun has {@code id}, {@code state} and {@code href}
     * @param progress one line about a state
     * @throws CommandFailure when it takes too long
     */
    JsonNode await(AdminClient client, JsonNode begun, Function<JsonNode, String> progress)
            throws InterruptedException {
        if (noWait) {
            return begun;
        }
        Screen screen = Screen.ofProcess();
        String href = begun.path("href").asText();
        long deadline = System.nanoTime() + timeout.toNanos();
        try {
            JsonNode job = begun;
            while (job.path("state").asText().matches("waiting|running|paused")) {
                if (System.nanoTime() > deadline) {
                    throw new CommandFailure(
                            ExitCode.WAITED_TOO_LONG,
                            "job " + job.path("id").asText() + " is not over after " + timeout.toSeconds()
                                    + " s; it goes on, see GET " + href);
                }
                TimeUnit.MILLISECONDS.sleep(LOOK_EVERY_MILLIS);
                job = client.get(href);
                screen.live(progress.apply(job));
            }
            return job;
        } finally {
            screen.clearLive();
        }
    }
}
