package io.tidemark.core.tls;

import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/**
 * Whom to trust and who to be on encrypted connections, as PEM files. Immutable; the files are read at each call, and what is wrong
 * with one is an IllegalArgumentException in words.
 *
 * @param authorities certificates of the authorities to trust; null for those of the Java platform
 * @param certificate our own, with those of its issuers behind it; null for none
 * @param key the private key that belongs to it, readable by its owner only
 */
public record TlsFiles(
        @Nullable Path authorities,
        @Nullable Path certificate,
        @Nullable Path key) {
    /** The platform's authorities and no certificate of our own. */
    public static final TlsFiles NONE = new TlsFiles(null, null, null);

    private static final char[] IN_MEMORY = "in memory only".toCharArray();

    /** For clients that take a factory. */
    public TrustManagerFactory trust() {
        try {
            KeyStore store = null;
            if (authorities != null) {
                store = empty();
                for (X509Certificate authority : Pem.certificates(authorities)) {
                    store.setCertificateEntry("authority " + store.size(), authority);
                }
            }
            return ReasonedTrustFactory.of(store);
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("the authorities in " + authorities + " cannot be used: " + e, e);
        }
    }

    /** For clients that take a factory; null without a certificate of our own. */
    public @Nullable KeyManagerFactory keys() {
        if (certificate == null || key == null) {
            return null;
        }
        try {
            List<X509Certificate> chain = Pem.certificates(certificate);
            KeyStore store = empty();
            store.setKeyEntry("own", Pem.privateKey("sslkey", key), IN_MEMORY, chain.toArray(X509Certificate[]::new));
            KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            factory.init(store, IN_MEMORY);
            return factory;
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException(
                    "the certificate " + certificate + " cannot be used with the key " + key + ": " + e.getMessage(),
                    e);
        }
    }

    /** For clients that take a context. */
    public SSLContext context() {
        return context(trust().getTrustManagers());
    }

    /** For connections that are encrypted and whose server is not checked, as {@code sslmode=require} wants it. */
    SSLContext contextOfAnyServer() {
        return context(new TrustManager[] {new AnyServer()});
    }

    private SSLContext context(TrustManager[] trust) {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            KeyManagerFactory keys = keys();
            context.init(keys == null ? null : keys.getKeyManagers(), trust, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("BUG: every Java has TLS", e);
        }
    }

    private static KeyStore empty() throws GeneralSecurityException {
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            return store;
        } catch (IOException e) {
            throw new IllegalStateException("BUG: an empty key store needs no input", e);
        }
    }
}
