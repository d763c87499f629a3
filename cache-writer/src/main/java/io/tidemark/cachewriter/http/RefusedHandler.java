package io.tidemark.cachewriter.http;

import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MediaType;
import io.micronaut.http.server.exceptions.ExceptionHandler;
import io.tidemark.cachewriter.jobs.RefusedException;
import jakarta.inject.Singleton;

/** Answers a request that cannot be done as it is. */
@Singleton
final class RefusedHandler implements ExceptionHandler<RefusedException, HttpResponse<String>> {
    @Override
    @SuppressWarnings("rawtypes")
    public HttpResponse<String> handle(HttpRequest request, RefusedException refused) {
        return HttpResponse.<String>badRequest()
                .contentType(MediaType.APPLICATION_JSON_TYPE)
                .body(Answers.error(String.valueOf(refused.getMessage()), refused.field(), refused.remedy()));
    }
}
