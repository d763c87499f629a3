package io.tidemark.positions.http;

import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.MediaType;
import io.micronaut.http.server.exceptions.ExceptionHandler;
import io.tidemark.positions.position.LayerUnavailableException;
import jakarta.inject.Singleton;

/** Answers when no layer can say where a store stands. */
@Singleton
final class UnavailableHandler implements ExceptionHandler<LayerUnavailableException, HttpResponse<String>> {
    @Override
    @SuppressWarnings("rawtypes")
    public HttpResponse<String> handle(HttpRequest request, LayerUnavailableException unavailable) {
        return HttpResponse.<String>status(HttpStatus.SERVICE_UNAVAILABLE)
                .contentType(MediaType.APPLICATION_JSON_TYPE)
                .body(Answers.error(unavailable.reason(), "", "bring the named part back, then ask again"));
    }
}
