package io.tidemark.cli;

import io.tidemark.cli.stack.RunFile;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.util.List;

/** Whether PostgreSQL, Kafka and Redis take connections. Stateless. */
final class ServerCheck {
    private static final int TIMEOUT_MILLIS = 2_000;

    private ServerCheck() {}

    static List<Status.Part> of(RunFile running) {
        return List.of(
                part("PostgreSQL", running.postgres().url(), 5432),
                part("Kafka", "kafka://" + running.kafka().bootstrap().split(",", -1)[0], 9092),
                part("Redis", running.redis().url(), 6379));
    }

    private static Status.Part part(String name, String url, int usualPort) {
        String shown = url.replaceFirst("^kafka://", "");
        URI address = URI.create(url);
        int port = address.getPort() < 0 ? usualPort : address.getPort();
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(address.getHost(), port), TIMEOUT_MILLIS);
            return new Status.Part(name, shown, true, "");
        } catch (IOException | IllegalArgumentException e) {
            return new Status.Part(name, shown, false, "no connection (" + e.getMessage() + ")");
        }
    }
}
