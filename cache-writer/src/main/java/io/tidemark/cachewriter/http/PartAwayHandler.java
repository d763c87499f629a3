package io.tidemark.cachewriter.http;

import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.server.exceptions.ExceptionHandler;
import io.tidemark.cachewriter.jobs.PartAwayException;
import jakarta.inject.Singleton;

/** Answers while something else than Redis and the database cannot be asked. */
@Singleton
final class PartAwayHandler implements ExceptionHandler<PartAwayException, HttpResponse<String>> {
    @Override
    @SuppressWarnings("rawtypes")
    public HttpResponse<String> handle(HttpRequest request, PartAwayException away) {
        return Gatekeeper.refusal(HttpStatus.SERVICE_UNAVAILABLE, String.valueOf(away.getMessage()), "then ask again");
    }
}
