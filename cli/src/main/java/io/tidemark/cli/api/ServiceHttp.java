package io.tidemark.cli.api;

import io.tidemark.cli.failure.CommandFailure;
import io.tidemark.cli.failure.ExitCode;
import io.tidemark.core.tls.HttpTls;
import io.tidemark.core.tls.TlsFiles;
import java.io.IOException;
import java.net.ConnectException;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.Optional;
import javax.net.ssl.SSLException;

/** How the command comes to the services: whom it trusts where they speak https, and why it could not. */
public final class ServiceHttp {
    private ServiceHttp() {}

    /** A client that trusts the authorities that the environment names, else those of the Java platform. */
    public static HttpClient client() {
        return client(HttpTls.client(System.getenv()));
    }

    /** @throws CommandFailure with exit code 2 when the file of authorities cannot be used */
    public static HttpClient client(Optional<TlsFiles> trust) {
        HttpClient.Builder client =
                HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(3)).version(HttpClient.Version.HTTP_1_1);
        try {
            trust.or(() -> Optional.of(TlsFiles.NONE)).map(TlsFiles::context).ifPresent(client::sslContext);
            return client.build();
        } catch (IllegalArgumentException unusable) {
            throw new CommandFailure(ExitCode.USAGE, String.valueOf(unusable.getMessage()), unusable);
        }
    }

    /** Why there was no answer: of a certificate that was refused, which one, since when, what to do. */
    static String reason(IOException failure) {
        if (failure instanceof ConnectException) {
            return "connection refused";
        }
        Throwable root = failure;
        while (failure instanceof SSLException && root.getCause() != null) {
            root = root.getCause();
        }
        return root.getMessage() == null ? root.getClass().getSimpleName() : root.getMessage();
    }
}
