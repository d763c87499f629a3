package io.tidemark.testkit.orders;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** One answer on the wire. Used by one thread. */
final class Answer {
    private final HttpExchange exchange;

    Answer(HttpExchange exchange) {
        this.exchange = exchange;
    }

    void header(String name, String value) {
        exchange.getResponseHeaders().set(name, value);
    }

    void json(int status, byte[] body) throws IOException {
        send(status, "application/json", body);
    }

    void html(int status, String text) throws IOException {
        send(status, "text/html", ("<!doctype html><title>" + text + "</title>").getBytes(StandardCharsets.UTF_8));
    }

    /** Half of what was announced, then the connection ends. */
    void half(byte[] body) throws IOException {
        header("Content-Type", "application/json");
        exchange.sendResponseHeaders(200, body.length);
        OutputStream out = exchange.getResponseBody();
        out.write(body, 0, body.length / 2);
        out.flush();
        try {
            exchange.close();
        } catch (RuntimeException announcedMore) {
            // The connection is closed all the same, which is what is wanted.
        }
    }

    /** A byte every so many milliseconds, until the other side gives up. */
    void drip(byte[] body, long millis) throws IOException, InterruptedException {
        header("Content-Type", "application/json");
        exchange.sendResponseHeaders(200, body.length);
        try (OutputStream out = exchange.getResponseBody()) {
            for (byte next : body) {
                out.write(next);
                out.flush();
                Thread.sleep(millis);
            }
        }
    }

    /** Nothing at all for that long, then the connection ends. */
    void silence(long millis) throws InterruptedException {
        Thread.sleep(millis);
        exchange.close();
    }

    private void send(int status, String type, byte[] body) throws IOException {
        header("Content-Type", type);
        exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
        if (body.length > 0) {
            exchange.getResponseBody().write(body);
        }
        exchange.close();
    }

    static byte[] firstHalf(byte @Nullable [] body) {
        return body == null ? new byte[0] : Arrays.copyOf(body, body.length / 2);
    }
}
