package io.tidemark.positions.http;

import io.tidemark.core.access.Role;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Who has signed in at the page; forgotten when the service ends. Thread-safe. */
public final class Sessions {
    /** The cookie's name. */
    public static final String COOKIE = "tidemark_session";

    static final Duration LASTS = Duration.ofHours(12);

    private static final int MOST = 1_000;

    private final Map<String, Session> sessions = new ConcurrentHashMap<>();
    private final SecureRandom random = new SecureRandom();
    private final Clock clock;

    private record Session(Role role, Instant ends) {}

    public Sessions(Clock clock) {
        this.clock = clock;
    }

    /** Begins a session and answers its secret name. */
    public String begin(Role role) {
        Instant now = clock.instant();
        sessions.values().removeIf(session -> session.ends().isBefore(now) || sessions.size() > MOST);
        byte[] name = new byte[32];
        random.nextBytes(name);
        String text = Base64.getUrlEncoder().withoutPadding().encodeToString(name);
        sessions.put(text, new Session(role, now.plus(LASTS)));
        return text;
    }

    /** Whose session this is. */
    public Optional<Role> roleOf(String name) {
        return Optional.ofNullable(sessions.get(name))
                .filter(session -> clock.instant().isBefore(session.ends()))
                .map(Session::role);
    }

    /** Ends a session. */
    public void end(String name) {
        sessions.remove(name);
    }
}
