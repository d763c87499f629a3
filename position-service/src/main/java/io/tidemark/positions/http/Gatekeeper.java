package io.tidemark.positions.http;

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
import io.micronaut.http.cookie.Cookie;
import io.tidemark.core.access.AccessTokens;
import io.tidemark.core.access.RequestOrigin;
import io.tidemark.core.access.Role;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Lets nobody look without a token, nobody sync or restore without an operator's and nobody move a position by hand without
 * the admin's, and no other site act in a signed-in person's name; puts the headers on every answer that keep a browser to
 * what this service sent. Open are health and the page to sign in, with its style.
 */
@ServerFilter(ServerFilter.MATCH_ALL_PATTERN)
final class Gatekeeper {
    /** The attribute of a request that holds whose it is. */
    static final String ROLE = "tidemark.role";

    private static final Set<HttpMethod> LOOKING = Set.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.OPTIONS);
    private static final List<String> OPEN = List.of("/health", "/health/", "/assets/", "/webjars/");
    private static final Pattern OF_OPERATORS = Pattern.compile(
            "/api/admin/(restore-sync-positions|auto-recover-sync-positions|positions/[^/]+/(sync|pause|resume))");
    private static final String POLICY =
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
                    + " connect-src 'self'; font-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

    private final AccessTokens tokens;
    private final Sessions sessions;

    Gatekeeper(AccessTokens tokens, Sessions sessions) {
        this.tokens = tokens;
        this.sessions = sessions;
    }

    @RequestFilter
    @Nullable
    HttpResponse<?> judge(HttpRequest<?> request) {
        boolean looking = LOOKING.contains(request.getMethod());
        if (!looking && comesFromElsewhere(request)) {
            return refusal(
                    HttpStatus.FORBIDDEN,
                    "a request of another site is not taken",
                    "send it from this service's own page");
        }
        if (isOpen(request.getPath())) {
            return null;
        }
        Optional<Role> role = role(request);
        if (role.isEmpty()) {
            return stranger(request);
        }
        Role needed = needed(looking, request.getPath());
        if (!role.get().may(needed)) {
            return tooLittle(role.get(), needed);
        }
        request.setAttribute(ROLE, role.get());
        return null;
    }

    private static Role needed(boolean looking, String path) {
        if (looking || path.equals("/logout")) {
            return Role.VIEWER;
        }
        return OF_OPERATORS.matcher(path).matches() ? Role.OPERATOR : Role.ADMIN;
    }

    private static HttpResponse<?> tooLittle(Role role, Role needed) {
        String wanted = needed.name().toLowerCase(Locale.ROOT);
        return refusal(
                HttpStatus.FORBIDDEN,
                "this needs the role " + wanted + ", and the token is that of "
                        + role.name().toLowerCase(Locale.ROOT),
                "use the token of an " + wanted);
    }

    @ResponseFilter
    void protect(HttpRequest<?> request, MutableHttpResponse<?> response) {
        response.header("Content-Security-Policy", POLICY);
        response.header("X-Content-Type-Options", "nosniff");
        response.header("Referrer-Policy", "same-origin");
        response.header("Cross-Origin-Opener-Policy", "same-origin");
        response.header("X-Frame-Options", "DENY");
        boolean asset =
                request.getPath().startsWith("/assets/") || request.getPath().startsWith("/webjars/");
        response.header(HttpHeaders.CACHE_CONTROL, asset ? "public, max-age=300" : "no-store");
    }

    private static boolean isOpen(String path) {
        return path.equals("/login")
                || OPEN.stream().anyMatch(open -> path.equals(open) || (open.endsWith("/") && path.startsWith(open)));
    }

    private Optional<Role> role(HttpRequest<?> request) {
        Optional<String> authorization = request.getHeaders().getAuthorization();
        if (authorization.isPresent()) {
            return tokens.roleOfHeader(authorization.get());
        }
        return request.getCookies()
                .findCookie(Sessions.COOKIE)
                .map(Cookie::getValue)
                .flatMap(sessions::roleOf);
    }

    /** A cookie is sent whoever asks for it, so with one the browser has to say where the request comes from. */
    private static boolean comesFromElsewhere(HttpRequest<?> request) {
        String site = request.getHeaders().get("Sec-Fetch-Site");
        String origin = request.getHeaders().get(HttpHeaders.ORIGIN);
        boolean saysNothing = site == null && origin == null;
        return RequestOrigin.isElsewhere(site, origin, request.getHeaders().get(HttpHeaders.HOST))
                || (saysNothing
                        && request.getHeaders().getAuthorization().isEmpty()
                        && request.getCookies().contains(Sessions.COOKIE));
    }

    private static HttpResponse<?> stranger(HttpRequest<?> request) {
        boolean page = request.getMethod() == HttpMethod.GET
                && !request.getPath().startsWith("/api/")
                && request.accept().stream().anyMatch(type -> type.getName().equals(MediaType.TEXT_HTML));
        if (page) {
            return HttpResponse.seeOther(
                    URI.create("/login?next=" + URLEncoder.encode(request.getPath(), StandardCharsets.UTF_8)));
        }
        MutableHttpResponse<?> refusal = refusal(
                HttpStatus.UNAUTHORIZED,
                "no valid token came with the request",
                "send Authorization: Bearer and a token");
        return refusal.header(HttpHeaders.WWW_AUTHENTICATE, "Bearer realm=\"tidemark\"");
    }

    private static MutableHttpResponse<?> refusal(HttpStatus status, String error, String remedy) {
        return HttpResponse.status(status)
                .contentType(MediaType.APPLICATION_JSON_TYPE)
                .body(Answers.error(error, "", remedy));
    }
}
