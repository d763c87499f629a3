package io.tidemark.testkit.orders;

import io.tidemark.testkit.process.EmbeddedServer;
import io.tidemark.testkit.process.KeptProcess;
import io.tidemark.testkit.process.Ports;
import io.tidemark.testkit.process.Programs;
import io.tidemark.testkit.process.Startup;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The simulated order API as a process of its own, on the class path of this JVM. Thread-safe. */
public final class EmbeddedOrderFeed implements EmbeddedServer {
    private static final Duration UP_WITHIN = Duration.ofSeconds(60);

    private final Path directory;
    private final List<String> arguments;
    private final KeptProcess process;
    private final int port;
    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();

    /**
     * Nothing is started yet.
     *
     * @param directory its own, which also gets a file with the token of each store, under {@code tokens}
     * @param arguments more of the program's, such as {@code --limits-times 20}
     */
    public EmbeddedOrderFeed(Path directory, List<String> arguments) {
        this.directory = directory.toAbsolutePath().normalize();
        this.arguments = List.copyOf(arguments);
        this.process =
                new KeptProcess("order API", "TERM", Duration.ofSeconds(10), this.directory.resolve("order-api.log"));
        this.port = Ports.choose(0);
    }

    @Override
    public synchronized void start() {
        Ports.requireFree(port, "order API");
        Path javaArguments = directory.resolve("java.args");
        try {
            Files.createDirectories(directory);
            String classPath =
                    System.getProperty("java.class.path").replace("\\", "\\\\").replace("\"", "\\\"");
            Files.writeString(javaArguments, "-cp \"" + classPath + "\"\n");
        } catch (IOException e) {
            throw new UncheckedIOException("cannot prepare " + directory, e);
        }
        List<String> command = new ArrayList<>(List.of(
                Programs.java().toString(),
                "@" + javaArguments,
                "-Xmx96m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-XX:-UsePerfData",
                OrderFeedProgram.class.getName(),
                "--port",
                Integer.toString(port),
                "--tokens",
                tokens().toString()));
        command.addAll(arguments);
        process.start(command, java.util.Map.of(), Path.of("").toAbsolutePath());
        Startup.await(process, UP_WITHIN, () -> admin("GET", "stores"));
    }

    /** Where the API is, to be followed by its path. */
    public String url() {
        return "http://127.0.0.1:" + port;
    }

    /** The folder with a file for each store's token. */
    public Path tokens() {
        return directory.resolve("tokens");
    }

    /**
     * Asks or tells the simulator itself, as in {@code POST traffic?new=2}.
     *
     * @return the answer, which is JSON
     */
    public String admin(String method, String path) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(url() + "/admin/" + path))
                .timeout(Duration.ofSeconds(10))
                .method(method, HttpRequest.BodyPublishers.noBody())
                .build();
        HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() != 200) {
            throw new IOException("order API: " + method + " " + path + " was answered " + answer.statusCode());
        }
        return answer.body();
    }

    @Override
    public KeptProcess process() {
        return process;
    }

    @Override
    public int port() {
        return port;
    }
}
