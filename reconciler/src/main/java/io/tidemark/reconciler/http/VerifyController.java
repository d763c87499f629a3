package io.tidemark.reconciler.http;

import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Post;
import io.micronaut.http.annotation.QueryValue;
import io.tidemark.reconciler.verify.Run;
import io.tidemark.reconciler.verify.Verifier;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/** Begins comparisons and says how they go. */
@Controller("/api/verify")
final class VerifyController {
    private final Verifier verifier;
    private final ServiceState state;

    VerifyController(Verifier verifier, ServiceState state) {
        this.verifier = verifier;
        this.state = state;
    }

    /** Begins a comparison: of one cache, or of all when none is named. */
    @Post
    HttpResponse<?> begin(@QueryValue @Nullable String cache) {
        Optional<String> waitingFor = state.waitingFor();
        if (waitingFor.isPresent()) {
            return HttpResponse.status(HttpStatus.SERVICE_UNAVAILABLE)
                    .body(new ErrorAnswer("not ready to compare; waiting for " + waitingFor.get()));
        }
        try {
            Optional<Run> run = cache == null ? Optional.of(verifier.verifyAll()) : verifier.verify(cache);
            return run.<HttpResponse<?>>map(begun -> HttpResponse.accepted().body(RunAnswer.of(begun)))
                    .orElseGet(() -> HttpResponse.notFound(new ErrorAnswer("there is no cache " + cache
                            + "; the pipeline file has " + String.join(", ", verifier.cacheNames()))));
        } catch (RejectedExecutionException full) {
            return HttpResponse.status(HttpStatus.TOO_MANY_REQUESTS)
                    .body(new ErrorAnswer("too many comparisons wait already; ask again when some have ended"));
        }
    }

    /** How a comparison goes, or what it found. */
    @Get("/{id}")
    HttpResponse<?> run(String id) {
        return verifier.run(id)
                .<HttpResponse<?>>map(run -> HttpResponse.ok(RunAnswer.of(run)))
                .orElseGet(() -> HttpResponse.notFound(new ErrorAnswer(
                        "there is no comparison of that id; the last hundred since the start are remembered")));
    }
}
