package io.tidemark.positions.console;

import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Body;
import io.micronaut.http.annotation.Consumes;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Post;
import io.micronaut.http.annotation.Produces;
import io.micronaut.http.annotation.QueryValue;
import io.micronaut.http.cookie.Cookie;
import io.micronaut.http.cookie.SameSite;
import io.swagger.v3.oas.annotations.Hidden;
import io.tidemark.core.access.AccessTokens;
import io.tidemark.core.access.Role;
import io.tidemark.positions.http.Sessions;
import java.net.URI;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Lets a person in who has a token, and out again. */
@Controller
@Hidden
@Produces(MediaType.TEXT_HTML)
final class LoginController {
    private final AccessTokens tokens;
    private final Sessions sessions;

    LoginController(AccessTokens tokens, Sessions sessions) {
        this.tokens = tokens;
        this.sessions = sessions;
    }

    @Get("/login")
    HttpResponse<?> ask(HttpRequest<?> request, @QueryValue @Nullable String next) {
        return HttpResponse.ok(
                ConsoleController.page("login.jte", request, Map.of("next", safe(next), "wrong", false)));
    }

    @Post("/login")
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    HttpResponse<?> enter(HttpRequest<?> request, @Body Map<String, String> form) {
        String next = safe(form.get("next"));
        Optional<Role> role = tokens.roleOf(form.getOrDefault("token", "").strip());
        if (role.isEmpty()) {
            return HttpResponse.unauthorized()
                    .body(ConsoleController.page("login.jte", request, Map.of("next", next, "wrong", true)));
        }
        return HttpResponse.seeOther(URI.create(next)).cookie(cookie(request, sessions.begin(role.get())));
    }

    @Post(uri = "/logout", consumes = MediaType.ALL)
    HttpResponse<?> leave(HttpRequest<?> request) {
        request.getCookies().findCookie(Sessions.COOKIE).map(Cookie::getValue).ifPresent(sessions::end);
        return HttpResponse.seeOther(URI.create("/login"))
                .cookie(cookie(request, "").maxAge(0));
    }

    private static Cookie cookie(HttpRequest<?> request, String name) {
        return Cookie.of(Sessions.COOKIE, name)
                .httpOnly(true)
                .secure(request.isSecure())
                .sameSite(SameSite.Strict)
                .path("/");
    }

    /** Only a path of this service: nobody is sent elsewhere after signing in. */
    private static String safe(@Nullable String next) {
        return next != null && next.matches("/positions(/[A-Za-z0-9_-]+){0,2}") ? next : "/positions";
    }
}
