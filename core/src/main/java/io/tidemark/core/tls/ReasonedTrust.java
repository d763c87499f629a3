package io.tidemark.core.tls;

import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/** Trusts whom another one trusts, and says in words why a server is not trusted. Thread-safe. */
final class ReasonedTrust extends X509ExtendedTrustManager {
    private final X509ExtendedTrustManager judge;

    ReasonedTrust(X509ExtendedTrustManager judge) {
        this.judge = judge;
    }

    @FunctionalInterface
    private interface Check {
        void run() throws CertificateException;
    }

    private void reasoned(X509Certificate[] chain, @Nullable String host, Check check) throws CertificateException {
        try {
            check.run();
        } catch (CertificateException refused) {
            // Without a cause: whoever shows the innermost one shows these words.
            CertificateException words = new CertificateException(CertificateVerdict.ofServer(
                    List.of(chain), host, List.of(judge.getAcceptedIssuers()), Instant.now()));
            words.addSuppressed(refused);
            throw words;
        }
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        String host = socket instanceof SSLSocket tls ? host(tls.getSSLParameters(), tls.getHandshakeSession()) : null;
        reasoned(chain, host, () -> judge.checkServerTrusted(chain, authType, socket));
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        String host = host(engine.getSSLParameters(), engine.getHandshakeSession());
        reasoned(chain, host, () -> judge.checkServerTrusted(chain, authType, engine));
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        reasoned(chain, null, () -> judge.checkServerTrusted(chain, authType));
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        judge.checkClientTrusted(chain, authType, socket);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        judge.checkClientTrusted(chain, authType, engine);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        judge.checkClientTrusted(chain, authType);
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return judge.getAcceptedIssuers();
    }

    private static @Nullable String host(SSLParameters parameters, @Nullable SSLSession session) {
        return parameters.getEndpointIdentificationAlgorithm() == null || session == null
                ? null
                : session.getPeerHost();
    }
}
