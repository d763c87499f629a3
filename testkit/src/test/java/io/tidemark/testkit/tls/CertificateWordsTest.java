package io.tidemark.testkit.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.core.tls.HttpTls;
import io.tidemark.core.tls.TlsFiles;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server's certificate is taken or refused, and the words say which one, since when and what to do. */
class CertificateWordsTest {
    @TempDir
    private static Path directory;

    private static CertificateAuthority authority;
    private static CertificateAuthority.Issued good;
    private static CertificateAuthority.Issued expired;

    @BeforeAll
    static void issue() {
        authority = new CertificateAuthority(directory.resolve("ours"), "Our Authority");
        good = authority.issue("cache.internal", "ip:127.0.0.1");
        expired = authority.issueExpired("old.internal", "ip:127.0.0.1");
    }

    @Test
    void aGoodCertificateIsTaken() throws Exception {
        handshake(good, new TlsFiles(authority.file(), null, null), "127.0.0.1");
    }

    @Test
    void anExpiredOneIsRefusedWithItsNameAndItsEnd() {
        assertThatThrownBy(() -> handshake(expired, new TlsFiles(authority.file(), null, null), "127.0.0.1"))
                .rootCause()
                .hasMessageContaining("the certificate of old.internal expired on 20")
                .hasMessageContaining("days ago; renew it on the server 127.0.0.1");
    }

    @Test
    void oneForAnotherHostIsRefusedWithTheNamesThatItIsFor() {
        assertThatThrownBy(() -> handshake(good, new TlsFiles(authority.file(), null, null), "localhost"))
                .rootCause()
                .hasMessageContaining("the certificate of cache.internal is for 127.0.0.1 and not for localhost");
    }

    @Test
    void oneOfAnotherAuthorityIsRefusedWithItsIssuer() {
        assertThatThrownBy(() -> handshake(good, new TlsFiles(null, null, null), "127.0.0.1"))
                .rootCause()
                .hasMessageContaining("the certificate of cache.internal is of an issuer that is not trusted,"
                        + " Our Authority: put that issuer's certificate into");
    }

    @Test
    void anExpiredCertificateOfOurOwnHttpIsRefusedAtTheStart() {
        assertThatThrownBy(() -> HttpTls.settings(
                        Map.of(
                                HttpTls.CERTIFICATE,
                                expired.certificate().toString(),
                                HttpTls.KEY,
                                expired.key().toString()),
                        "8080"))
                .hasMessageContaining(HttpTls.CERTIFICATE + ": the certificate of old.internal expired on 20");
        assertThat(HttpTls.settings(
                        Map.of(
                                HttpTls.CERTIFICATE,
                                good.certificate().toString(),
                                HttpTls.KEY,
                                good.key().toString()),
                        "8080"))
                .containsEntry("micronaut.server.ssl.port", "8080");
        assertThatThrownBy(() -> HttpTls.settings(Map.of(HttpTls.KEY, good.key().toString()), "8080"))
                .hasMessageContaining("expected " + HttpTls.CERTIFICATE + " beside " + HttpTls.KEY);
    }

    @Test
    void aKeyThatEverybodyMayReadIsRefused() throws Exception {
        Path open = Files.copy(good.key(), directory.resolve("open.key"));
        Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rw-r--r--"));
        assertThatThrownBy(() -> new TlsFiles(null, good.certificate(), open).keys())
                .hasMessageContaining("sslkey")
                .hasMessageContaining("rw-r--r--");
    }

    private static void handshake(CertificateAuthority.Issued server, TlsFiles client, String host) throws Exception {
        SSLContext served = new TlsFiles(null, server.certificate(), server.key()).context();
        try (SSLServerSocket listening = (SSLServerSocket)
                served.getServerSocketFactory().createServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Thread serving = new Thread(() -> serve(listening));
            serving.start();
            try (SSLSocket socket =
                    (SSLSocket) client.context().getSocketFactory().createSocket(host, listening.getLocalPort())) {
                SSLParameters parameters = socket.getSSLParameters();
                parameters.setEndpointIdentificationAlgorithm("HTTPS");
                socket.setSSLParameters(parameters);
                socket.startHandshake();
            } finally {
                serving.join();
            }
        }
    }

    private static void serve(SSLServerSocket listening) {
        try (SSLSocket socket = (SSLSocket) listening.accept()) {
            socket.startHandshake();
        } catch (IOException refused) {
            // The client tells why.
        }
    }
}
