package io.tidemark.core.tls;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.util.Properties;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;

/**
 * Encrypts connections to PostgreSQL for its driver, which makes it by its name ({@code sslfactory}) and tells it the connection's
 * properties: {@code sslrootcert}, {@code sslcert}, {@code sslkey} and {@code sslmode}. Unlike the driver's own it takes keys as PEM and
 * says in words why a server is refused. Thread-safe.
 */
public final class DatabaseSockets extends SSLSocketFactory {
    private final SSLSocketFactory sockets;
    private final boolean checkHost;

    /** @throws IllegalArgumentException when a file cannot be used, in words */
    public DatabaseSockets(Properties connection) {
        this.checkHost = "verify-full".equals(connection.getProperty("sslmode"));
        TlsFiles files =
                new TlsFiles(path(connection, "sslrootcert"), path(connection, "sslcert"), path(connection, "sslkey"));
        boolean checkServer = connection.getProperty("sslmode", "prefer").startsWith("verify-");
        this.sockets = (checkServer ? files.context() : files.contextOfAnyServer()).getSocketFactory();
    }

    private static @Nullable Path path(Properties connection, String name) {
        String path = connection.getProperty(name);
        return path == null ? null : Path.of(path);
    }

    private Socket checking(Socket socket) {
        if (checkHost && socket instanceof SSLSocket tls) {
            SSLParameters parameters = tls.getSSLParameters();
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
            tls.setSSLParameters(parameters);
        }
        return socket;
    }

    @Override
    public Socket createSocket(Socket plain, String host, int port, boolean autoClose) throws IOException {
        return checking(sockets.createSocket(plain, host, port, autoClose));
    }

    @Override
    public Socket createSocket(String host, int port) throws IOException {
        return checking(sockets.createSocket(host, port));
    }

    @Override
    public Socket createSocket(String host, int port, InetAddress local, int localPort) throws IOException {
        return checking(sockets.createSocket(host, port, local, localPort));
    }

    @Override
    public Socket createSocket(InetAddress host, int port) throws IOException {
        return checking(sockets.createSocket(host, port));
    }

    @Override
    public Socket createSocket(InetAddress host, int port, InetAddress local, int localPort) throws IOException {
        return checking(sockets.createSocket(host, port, local, localPort));
    }

    @Override
    public String[] getDefaultCipherSuites() {
        return sockets.getDefaultCipherSuites();
    }

    @Override
    public String[] getSupportedCipherSuites() {
        return sockets.getSupportedCipherSuites();
    }
}
