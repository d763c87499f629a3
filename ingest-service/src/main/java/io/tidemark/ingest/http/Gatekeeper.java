package io.tidemark.ingest.http;

import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.MutableHttpResponse;
import io.micronaut.http.annotation.RequestFilter;
import io.micronaut.http.annotation.ResponseFilter;
import io.micronaut.http.annotation.ServerFilter;
import io.tidemark.core.access.AccessTokens;
import io.tidemark.core.access.Role;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Lets nobody look without a token; health alone is open. There is nothing here to change. */
@ServerFilter(ServerFilter.MATCH_ALL_PATTERN)
final class Gatekeeper {
    private static final String OPEN = "/health";

    private final AccessTokens tokens;

    Gatekeeper(AccessTokens tokens) {
        this.tokens = tokens;
    }

    @RequestFilter
    @Nullable
    HttpResponse<?> judge(HttpRequest<?> request) {
        if (request.getPath().equals(OPEN) || request.getPath().startsWith(OPEN + "/")) {
            return null;
        }
        Optional<Role> role = request.getHeaders().getAuthorization().flatMap(tokens::roleOfHeader);
        if (role.isPresent()) {
            return null;
        }
        return HttpResponse.<Map<String, String>>status(HttpStatus.UNAUTHORIZED)
                .body(Map.of(
                        "error",
                        "no valid token came with the request",
                        "remedy",
                        "send Authorization: Bearer and a token"))
                .header(HttpHeaders.WWW_AUTHENTICATE, "Bearer realm=\"tidemark\"");
    }

    @ResponseFilter
    void protect(MutableHttpResponse<?> response) {
        response.header("X-Content-Type-Options", "nosniff");
        response.header(HttpHeaders.CACHE_CONTROL, "no-store");
    }
}
