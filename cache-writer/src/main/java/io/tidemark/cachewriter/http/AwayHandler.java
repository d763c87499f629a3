package io.tidemark.cachewriter.http;

import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.server.exceptions.ExceptionHandler;
import io.tidemark.cachewriter.entries.EntriesException;
import jakarta.inject.Singleton;

/** Answers while Redis cannot be asked. */
@Singleton
final class AwayHandler implements ExceptionHandler<EntriesException, HttpResponse<String>> {
    @Override
    @SuppressWarnings("rawtypes")
    public HttpResponse<String> handle(HttpRequest request, EntriesException away) {
        return Gatekeeper.refusal(
                HttpStatus.SERVICE_UNAVAILABLE,
                "Redis did not do it: " + away.getMessage(),
                "bring Redis back, then ask again");
    }
}
