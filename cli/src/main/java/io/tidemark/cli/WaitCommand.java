package io.tidemark.cli;

import io.tidemark.cli.api.ServiceClient;
import io.tidemark.cli.api.UnreachableException;
import io.tidemark.cli.failure.CommandFailure;
import io.tidemark.cli.failure.ExitCode;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code tidemark wait}: until Redis is right up to an LSN. */
@Command(
        name = "wait",
        mixinStandardHelpOptions = true,
        description =
                "Waits until every change committed up to an LSN is in Redis. Exits 0 when it is, 124 when that takes"
                        + " too long. An application's own LSN: select pg_current_wal_insert_lsn() after its commit.")
final class WaitCommand implements Callable<Integer> {
    /** What the reconciler takes at once; its answer has to come before this client gives up. */
    private static final Duration AT_ONCE = Duration.ofSeconds(10);

    @Option(names = "--lsn", paramLabel = "LSN", required = true, description = "Such as 0/16B3748.")
    private String lsn = "";

    @Option(
            names = "--timeout",
            paramLabel = "D",
            defaultValue = "30s",
            description = "How long to wait at most (default: ${DEFAULT-VALUE}).")
    private Duration timeout = Duration.ofSeconds(30);

    @Option(names = "--json", description = "Print the result as one JSON object on stdout.")
    private boolean json;

    @Mixin
    private TargetOptions target = new TargetOptions();

    @Override
    public Integer call() throws InterruptedException {
        ServiceClient reconciler = target.reconciler();
        long began = System.nanoTime();
        while (true) {
            long left = timeout.toMillis() - (System.nanoTime() - began) / 1_000_000;
            long now = Math.max(0, Math.min(AT_ONCE.toMillis(), left));
            ServiceClient.Answer answer = ask(reconciler, now);
            boolean applied = answer.status() == 200;
            if (!applied && answer.status() != 504) {
                throw new CommandFailure(
                        answer.status() == 400 ? ExitCode.USAGE : ExitCode.FAILED,
                        answer.body().path("error").asText("the reconciler answered " + answer.status()));
            }
            long waited = (System.nanoTime() - began) / 1_000_000;
            if (applied || waited >= timeout.toMillis()) {
                System.out.println(
                        json
                                ? "{\"applied\":" + applied + ",\"lsn\":\"" + lsn + "\",\"waitedMillis\":" + waited
                                        + "}"
                                : applied
                                        ? "Redis is right up to " + lsn + " (waited " + waited + " ms)."
                                        : "Redis is not right up to " + lsn + " after " + waited + " ms.");
                return applied ? ExitCode.GOOD : ExitCode.WAITED_TOO_LONG;
            }
        }
    }

    private ServiceClient.Answer ask(ServiceClient reconciler, long millis) throws InterruptedException {
        String query = "?lsn=" + URLEncoder.encode(lsn, StandardCharsets.UTF_8) + "&timeout=" + millis + "ms";
        try {
            return reconciler.letIn(reconciler.get("/api/freshness/wait" + query));
        } catch (UnreachableException away) {
            throw new CommandFailure(ExitCode.CANNOT_CONNECT, String.valueOf(away.getMessage()), away);
        }
    }
}
