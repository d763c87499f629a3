package io.tidemark.cachewriter.http;

import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.server.exceptions.ExceptionHandler;
import jakarta.inject.Singleton;
import java.sql.SQLException;

/** Answers while the database cannot be asked. */
@Singleton
final class DatabaseAwayHandler implements ExceptionHandler<SQLException, HttpResponse<String>> {
    @Override
    @SuppressWarnings("rawtypes")
    public HttpResponse<String> handle(HttpRequest request, SQLException away) {
        return Gatekeeper.refusal(
                HttpStatus.SERVICE_UNAVAILABLE,
                "the database did not answer: " + away.getMessage(),
                "bring PostgreSQL back, then ask again");
    }
}
