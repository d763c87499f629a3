package io.tidemark.reconciler.http;

import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Body;
import io.micronaut.http.annotation.Consumes;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Post;
import io.tidemark.core.access.Role;
import io.tidemark.reconciler.verify.Order;
import io.tidemark.reconciler.verify.Order.Mode;
import io.tidemark.reconciler.verify.Run;
import io.tidemark.reconciler.verify.Steering;
import io.tidemark.reconciler.verify.Verifier;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Has caches compared and what differs repaired, and says how it goes. */
@Controller("/api/reconcile")
final class ReconcileController {
    private final Verifier verifier;
    private final ServiceState state;

    ReconcileController(Verifier verifier, ServiceState state) {
        this.verifier = verifier;
        this.state = state;
    }

    @Post
    @Consumes(MediaType.ALL)
    HttpResponse<RunAnswer> begin(HttpRequest<?> request, @Body @Nullable String body) {
        Order order = OrderInput.read(body, verifier.caches());
        if (order.mode() == Mode.FORCE) {
            Gatekeeper.require(request, Role.ADMIN);
        }
        state.waitingFor().ifPresent(what -> {
            throw new RefusedException(
                    HttpStatus.SERVICE_UNAVAILABLE, "", "not ready: waiting for " + what, "ask again when it is there");
        });
        try {
            return HttpResponse.<RunAnswer>status(HttpStatus.ACCEPTED).body(RunAnswer.of(verifier.begin(order)));
        } catch (RejectedExecutionException full) {
            throw new RefusedException(
                    HttpStatus.TOO_MANY_REQUESTS, "", "too many runs wait already", "ask again when some have ended");
        }
    }

    /** The runs that are remembered, comparisons without repair among them, the newest first. */
    @Get
    List<RunAnswer> all() {
        return verifier.runs().stream().map(RunAnswer::of).toList();
    }

    @Get("/{id}")
    RunAnswer one(String id) {
        return RunAnswer.of(known(id));
    }

    @Post("/{id}/pause")
    @Consumes(MediaType.ALL)
    RunAnswer pause(String id) {
        return steered(id, Steering::pause);
    }

    @Post("/{id}/resume")
    @Consumes(MediaType.ALL)
    RunAnswer resume(String id) {
        return steered(id, Steering::resume);
    }

    /** Ends it at the next good moment; what was asked to be repaired is repaired. */
    @Post("/{id}/cancel")
    @Consumes(MediaType.ALL)
    RunAnswer cancel(String id) {
        return steered(id, Steering::cancel);
    }

    private RunAnswer steered(String id, Consumer<Steering> how) {
        Run run = known(id);
        if (run.isOver()) {
            throw new RefusedException(
                    HttpStatus.CONFLICT,
                    "",
                    "the run has ended, it is " + run.state().name().toLowerCase(java.util.Locale.ROOT),
                    "begin another one");
        }
        how.accept(run.steering());
        return RunAnswer.of(run);
    }

    private Run known(String id) {
        return verifier.run(id)
                .orElseThrow(() -> new RefusedException(
                        HttpStatus.NOT_FOUND,
                        "id",
                        "there is no run of that id",
                        "see GET /api/reconcile; the last hundred since the start are remembered"));
    }
}
