package io.tidemark.cli;

import io.tidemark.cli.api.ServiceClient;
import io.tidemark.cli.api.UnreachableException;
import io.tidemark.cli.failure.CommandFailure;
import io.tidemark.cli.failure.ExitCode;
import io.tidemark.cli.shop.postgres.WalPosition;
import io.tidemark.cli.stack.Stack;
import io.tidemark.testkit.postgres.EmbeddedPostgres;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Waits until everything that was committed by now is in Redis. */
final class Settling {
    private static final Duration PAUSE = Duration.ofMillis(50);

    private final Stack stack;
    private final ServiceClient reconciler;
    private final EmbeddedPostgres postgres;

    Settling(Stack stack, ServiceClient reconciler, EmbeddedPostgres postgres) {
        this.stack = stack;
        this.reconciler = reconciler;
        this.postgres = postgres;
    }

    /** @throws CommandFailure with exit code 124 when it takes longer */
    void await(Duration limit) throws InterruptedException {
        long written = Lsn.parse(WalPosition.of(postgres));
        long deadline = System.nanoTime() + limit.toNanos();
        long applied = appliedPosition();
        while (Long.compareUnsigned(applied, written) < 0) {
            stack.check();
            if (System.nanoTime() > deadline) {
                throw new CommandFailure(
                        ExitCode.WAITED_TOO_LONG,
                        "changes are still to be applied after " + limit.toSeconds() + " s: Redis is right up to "
                                + Lsn.text(applied) + ", the database wrote up to " + Lsn.text(written));
            }
            TimeUnit.MILLISECONDS.sleep(PAUSE.toMillis());
            applied = appliedPosition();
        }
    }

    private long appliedPosition() throws InterruptedException {
        try {
            return Lsn.parse(
                    reconciler.get("/api/freshness").body().path("appliedLsn").asText("0/0"));
        } catch (UnreachableException e) {
            // It is being started again; stack.check() says so if it cannot be.
            return 0;
        }
    }
}
