package io.tidemark.core.tls;

import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.KeyStoreException;
import java.security.NoSuchAlgorithmException;
import java.security.Provider;
import java.security.Security;
import javax.net.ssl.ManagerFactoryParameters;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.TrustManagerFactorySpi;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/** The Java platform's own trust with reasons in words, by the name {@value #ALGORITHM}: public as the platform makes it. */
public final class ReasonedTrustFactory extends TrustManagerFactorySpi {
    /** What Kafka's {@code ssl.trustmanager.algorithm} is given. */
    public static final String ALGORITHM = "Tidemark";

    private final TrustManagerFactory judge;

    /** Made by the platform. */
    public ReasonedTrustFactory() throws NoSuchAlgorithmException {
        this.judge = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    }

    private static final class Names extends Provider {
        private static final long serialVersionUID = 1L;

        Names() {
            super(ALGORITHM, "1", "trust with reasons in words");
            put("TrustManagerFactory." + ALGORITHM, ReasonedTrustFactory.class.getName());
        }
    }

    /** Makes the name known in this JVM; again does no harm. */
    public static void register() {
        Security.addProvider(new Names());
    }

    /**
     * A factory that trusts these authorities.
     *
     * @param authorities null for those of the Java platform
     */
    static TrustManagerFactory of(@Nullable KeyStore authorities) throws GeneralSecurityException {
        TrustManagerFactory factory = TrustManagerFactory.getInstance(ALGORITHM, new Names());
        factory.init(authorities);
        return factory;
    }

    @Override
    protected void engineInit(@Nullable KeyStore authorities) throws KeyStoreException {
        judge.init(authorities);
    }

    @Override
    protected void engineInit(ManagerFactoryParameters parameters)
            throws java.security.InvalidAlgorithmParameterException {
        judge.init(parameters);
    }

    @Override
    protected TrustManager[] engineGetTrustManagers() {
        TrustManager[] managers = judge.getTrustManagers();
        for (int i = 0; i < managers.length; i++) {
            if (managers[i] instanceof X509ExtendedTrustManager manager) {
                managers[i] = new ReasonedTrust(manager);
            }
        }
        return managers;
    }
}
