package io.tidemark.client;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/**
 * Lets an application read its own writes from the cache: it asks for the LSN after its commit, and waits until Redis is right up
 * to there. Thread-safe.
 *
 * <pre>{@code
 * connection.commit();
 * String lsn = ...   // the one text that OwnWrites.LSN_AFTER_COMMIT gives
 * ownWrites.await(lsn, Duration.ofSeconds(1));   // false: read the database this once
 * }</pre>
 */
public final class OwnWrites {
    /**
     * Asks PostgreSQL for an LSN that everything committed so far lies before. To be asked after the commit: within the
     * transaction it would lie before the commit itself.
     */
    public static final String LSN_AFTER_COMMIT = "select pg_current_wal_insert_lsn()::text";

    private static final int APPLIED = 200;
    private static final int NOT_YET = 504;
    private static final Duration MORE = Duration.ofSeconds(2);

    private final HttpClient http = HttpClient.newBuilder()
            .connectTimeout(Duration.ofSeconds(2))
            .version(HttpClient.Version.HTTP_1_1)
            .build();
    private final String url;
    private final String token;

    /**
     * @param reconciler where the reconciler answers, such as {@code http://127.0.0.1:8082}
     * @param token one of its tokens; a viewer's is enough
     */
    public OwnWrites(URI reconciler, String token) {
        this.token = token;
        this.url = reconciler.toString().replaceAll("/+$", "");
    }

    /**
     * Waits until every change committed at or before an LSN is in Redis.
     *
     * @param longest at most a minute
     * @return whether it is; false when it took too long
     * @throws IOException when the reconciler does not answer or refuses
     */
    public boolean await(String lsn, Duration longest) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(url + "/api/freshness/wait?lsn="
                        + URLEncoder.encode(lsn, StandardCharsets.UTF_8) + "&timeout=" + longest.toMillis() + "ms"))
                .timeout(longest.plus(MORE))
                .header("Authorization", "Bearer " + token)
                .build();
        HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() != APPLIED && answer.statusCode() != NOT_YET) {
            throw new IOException("the reconciler answered " + answer.statusCode() + ": " + answer.body());
        }
        return answer.statusCode() == APPLIED;
    }
}
