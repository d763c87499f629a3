package io.tidemark.testkit.service;

import io.tidemark.core.tls.HttpTls;
import io.tidemark.core.tls.TlsFiles;
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
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * One of the product's services as a process. {@link #start()} waits until the service says it is ready; {@link
 * #launch()} does not. Thread-safe.
 */
public final class ServiceProcess implements EmbeddedServer {

    private static final Duration READY_WITHIN = Duration.ofSeconds(90);

    private final ServiceSettings settings;
    private final KeptProcess process;
    private final int port;
    private final String viewer;
    private final HttpClient http;

    /** Nothing is started yet. */
    public ServiceProcess(ServiceSettings settings) {
        this.settings = settings;
        this.process = new KeptProcess(
                settings.name(),
                "TERM",
                Duration.ofSeconds(30),
                settings.directory().resolve(settings.name() + ".log"));
        this.port = Ports.choose(settings.port());
        HttpClient.Builder client = HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2));
        HttpTls.client(settings.environment()).map(TlsFiles::context).ifPresent(client::sslContext);
        this.http = client.build();
        this.viewer = settings.environment().entrySet().stream()
                .filter(variable -> variable.getKey().endsWith("_VIEWER_TOKEN"))
                .findFirst()
                .map(Map.Entry::getValue)
                .orElseGet(() -> UUID.randomUUID().toString());
    }

    @Override
    public void start() {
        launch();
        awaitReady(READY_WITHIN);
    }

    /** Starts the process and returns at once. */
    public synchronized void launch() {
        Ports.requireFree(port, settings.name());
        try {
            Files.createDirectories(settings.directory());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot make " + settings.directory(), e);
        }
        List<String> command = new ArrayList<>();
        command.add(Programs.java().toString());
        command.addAll(settings.jvmOptions());
        command.addAll(List.of("-jar", settings.jar().toString()));
        Map<String, String> environment = new LinkedHashMap<>(settings.environment());
        // Also where the one it was given is that of another service.
        environment.put("TIDEMARK_VIEWER_TOKEN", viewer);
        environment.put("TIDEMARK_HTTP_PORT", Integer.toString(port));
        process.start(command, environment, settings.directory());
    }

    /** Waits until the readiness page says yes. */
    public void awaitReady(Duration limit) {
        Startup.await(process, limit, () -> {
            HttpResponse<String> answer = get("/health/readiness");
            if (answer.statusCode() != 200) {
                throw new IOException(settings.name() + " is not ready: " + answer.body());
            }
        });
    }

    /** The token of one who may look: the one that it was given, else one made for it. */
    public String viewerToken() {
        return viewer;
    }

    /** Asks one of its pages, as one who may look. */
    public HttpResponse<String> get(String path) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(url() + path))
                .timeout(Duration.ofSeconds(10))
                .header("Authorization", "Bearer " + viewerToken())
                .build();
        return http.send(request, HttpResponse.BodyHandlers.ofString());
    }

    /** Has it do something that one who may look may ask for. */
    public HttpResponse<String> post(String path) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(url() + path))
                .timeout(Duration.ofSeconds(10))
                .header("Authorization", "Bearer " + viewerToken())
                .POST(HttpRequest.BodyPublishers.noBody())
                .build();
        return http.send(request, HttpResponse.BodyHandlers.ofString());
    }

    /** What it says of itself at {@code /prometheus}. */
    public MetricsPage metrics() throws IOException, InterruptedException {
        HttpResponse<String> answer = get("/prometheus");
        if (answer.statusCode() != 200) {
            throw new IOException(settings.name() + " shows no metrics: " + answer.statusCode());
        }
        return MetricsPage.read(answer.body());
    }

    public String url() {
        return (HttpTls.isOn(settings.environment()) ? "https" : "http") + "://127.0.0.1:" + port;
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
