package io.tidemark.reconciler.http;

import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.server.exceptions.ExceptionHandler;
import jakarta.inject.Singleton;

/** Answers a request that cannot be done as it is. */
@Singleton
final class RefusedHandler implements ExceptionHandler<RefusedException, HttpResponse<Refusal>> {
    @Override
    @SuppressWarnings("rawtypes")
    public HttpResponse<Refusal> handle(HttpRequest request, RefusedException refused) {
        return HttpResponse.<Refusal>status(refused.status()).body(refused.refusal());
    }
}
