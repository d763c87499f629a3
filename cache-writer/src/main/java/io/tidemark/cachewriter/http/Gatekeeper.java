package io.tidemark.cachewriter.http;

import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpMethod;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.MediaType;
import io.micronaut.http.MutableHttpResponse;
import io.micronaut.http.annotation.RequestFilter;
import io.micronaut.http.annotation.ResponseFilter;
import io.micronaut.http.annotation.ServerFilter;
import io.tidemark.core.access.AccessTokens;
import io.tidemark.core.access.RequestOrigin;
import io.tidemark.core.access.Role;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Lets nobody look without a token and nobody change the caches without the right to; takes nothing that another site has had
 * a browser send. Health alone is open.
 */
@ServerFilter(ServerFilter.MATCH_ALL_PATTERN)
final class Gatekeeper {
    private static final Set<HttpMethod> LOOKING = Set.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.OPTIONS);
    private static final String OPEN = "/health";
    private static final String CLEAR = "/api/cache/clear";
    private static final String ROLE = "tidemark.role";

    private final AccessTokens tokens;

    Gatekeeper(AccessTokens tokens) {
        this.tokens = tokens;
    }

    @RequestFilter
    @Nullable
    HttpResponse<?> judge(HttpRequest<?> request) {
        boolean looking = LOOKING.contains(request.getMethod());
        if (!looking
                && RequestOrigin.isElsewhere(
                        request.getHeaders().get("Sec-Fetch-Site"),
                        request.getHeaders().get(HttpHeaders.ORIGIN),
                        request.getHeaders().get(HttpHeaders.HOST))) {
            return refusal(HttpStatus.FORBIDDEN, "a request of another site is not taken", "send it from a program");
        }
        if (request.getPath().equals(OPEN) || request.getPath().startsWith(OPEN + "/")) {
            return null;
        }
        Optional<Role> role = request.getHeaders().getAuthorization().flatMap(tokens::roleOfHeader);
        if (role.isEmpty()) {
            return refusal(
                            HttpStatus.UNAUTHORIZED,
                            "no valid token came with the request",
                            "send Authorization: Bearer and a token")
                    .header(HttpHeaders.WWW_AUTHENTICATE, "Bearer realm=\"tidemark\"");
        }
        Role needed = looking ? Role.VIEWER : request.getPath().startsWith(CLEAR) ? Role.ADMIN : Role.OPERATOR;
        if (!role.get().may(needed)) {
            return tooLittle(role.get(), needed);
        }
        request.setAttribute(ROLE, role.get());
        return null;
    }

    /** Whether whoever asks may do everything. */
    static boolean isAdmin(HttpRequest<?> request) {
        return request.getAttribute(ROLE, Role.class).orElse(Role.VIEWER) == Role.ADMIN;
    }

    /** The role of whoever asks, in words. */
    static String roleOf(HttpRequest<?> request) {
        return request.getAttribute(ROLE, Role.class).orElse(Role.VIEWER).name().toLowerCase(java.util.Locale.ROOT);
    }

    @ResponseFilter
    void protect(MutableHttpResponse<?> response) {
        response.header("X-Content-Type-Options", "nosniff");
        response.header(HttpHeaders.CACHE_CONTROL, "no-store");
    }

    private static HttpResponse<?> tooLittle(Role role, Role needed) {
        return refusal(
                HttpStatus.FORBIDDEN,
                "this needs the role " + needed.name().toLowerCase(java.util.Locale.ROOT)
                        + ", and the token is that of " + role.name().toLowerCase(java.util.Locale.ROOT),
                "use another token");
    }

    static MutableHttpResponse<String> refusal(HttpStatus status, String error, String remedy) {
        return HttpResponse.<String>status(status)
                .contentType(MediaType.APPLICATION_JSON_TYPE)
                .body(Answers.error(error, "", remedy));
    }
}
