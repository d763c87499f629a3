package io.tidemark.reconciler.http;

import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpMethod;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.MutableHttpResponse;
import io.micronaut.http.annotation.RequestFilter;
import io.micronaut.http.annotation.ResponseFilter;
import io.micronaut.http.annotation.ServerFilter;
import io.tidemark.core.access.AccessTokens;
import io.tidemark.core.access.RequestOrigin;
import io.tidemark.core.access.Role;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Lets nobody look without a token and nobody change anything without the right to; takes nothing that another site has had a
 * browser send. Health alone is open. Comparing changes nothing, so a viewer may.
 */
@ServerFilter(ServerFilter.MATCH_ALL_PATTERN)
final class Gatekeeper {
    private static final Set<HttpMethod> LOOKING = Set.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.OPTIONS);
    private static final String OPEN = "/health";
    private static final String COMPARING = "/api/verify";
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
        if (isUnder(request.getPath(), OPEN)) {
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
        request.setAttribute(ROLE, role.get());
        if (!looking && !isUnder(request.getPath(), COMPARING)) {
            require(request, Role.OPERATOR);
        }
        return null;
    }

    private static boolean isUnder(String path, String open) {
        return path.equals(open) || path.startsWith(open + "/");
    }

    /** @throws RefusedException when whoever asks may not do so much */
    static void require(HttpRequest<?> request, Role needed) {
        Role role = request.getAttribute(ROLE, Role.class).orElse(Role.VIEWER);
        if (!role.may(needed)) {
            throw new RefusedException(
                    HttpStatus.FORBIDDEN,
                    "",
                    "this needs the role " + needed.name().toLowerCase(Locale.ROOT) + ", and the token is that of "
                            + role.name().toLowerCase(Locale.ROOT),
                    "use another token");
        }
    }

    @ResponseFilter
    void protect(MutableHttpResponse<?> response) {
        response.header("X-Content-Type-Options", "nosniff");
        response.header(HttpHeaders.CACHE_CONTROL, "no-store");
    }

    private static MutableHttpResponse<Refusal> refusal(HttpStatus status, String error, String remedy) {
        return HttpResponse.<Refusal>status(status).body(new Refusal(error, null, remedy));
    }
}
