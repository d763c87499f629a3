package io.tidemark.positions.http;

import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MediaType;
import io.micronaut.http.server.exceptions.ExceptionHandler;
import jakarta.inject.Singleton;

/** Answers a request that cannot be done. */
@Singleton
final class BadInputHandler implements ExceptionHandler<BadInputException, HttpResponse<String>> {
    @Override
    @SuppressWarnings("rawtypes")
    public HttpResponse<String> handle(HttpRequest request, BadInputException bad) {
        return HttpResponse.<String>status(bad.status())
                .contentType(MediaType.APPLICATION_JSON_TYPE)
                .body(Answers.error(bad.error(), bad.field(), bad.remedy()));
    }
}
