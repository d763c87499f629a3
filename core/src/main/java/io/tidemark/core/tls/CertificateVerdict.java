package io.tidemark.core.tls;

import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import org.jspecify.annotations.Nullable;

/** Says in words what is wrong with a certificate: which one, since when, what to do. Pure. */
public final class CertificateVerdict {
    private static final DateTimeFormatter DAY =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm 'UTC'", Locale.ROOT).withZone(ZoneOffset.UTC);
    private static final int DNS = 2;
    private static final int ADDRESS = 7;

    private CertificateVerdict() {}

    /** Why it cannot be used at this time; empty when it can. */
    public static Optional<String> ofTime(X509Certificate certificate, Instant now) {
        Instant ends = certificate.getNotAfter().toInstant();
        Instant begins = certificate.getNotBefore().toInstant();
        if (now.isAfter(ends)) {
            return Optional.of("the certificate of " + called(certificate) + " expired on " + DAY.format(ends) + ", "
                    + days(Duration.between(ends, now)) + " ago; renew it");
        }
        if (now.isBefore(begins)) {
            return Optional.of("the certificate of " + called(certificate) + " is valid from " + DAY.format(begins)
                    + " only, in " + days(Duration.between(now, begins)) + "; check the clocks, or wait");
        }
        return Optional.empty();
    }

    /**
     * Why a server was not trusted whose chain was refused.
     *
     * @param chain as the server showed it, its own certificate first
     * @param host by which name it was called; null when names are not checked
     * @param authorities those that are trusted
     */
    public static String ofServer(
            List<X509Certificate> chain, @Nullable String host, Collection<X509Certificate> authorities, Instant now) {
        for (X509Certificate certificate : chain) {
            Optional<String> untimely = ofTime(certificate, now);
            if (untimely.isPresent()) {
                return untimely.get() + " on the server" + (host == null ? "" : " " + host);
            }
        }
        if (chain.isEmpty()) {
            return "the server showed no certificate; check that it speaks TLS at this port";
        }
        X509Certificate server = chain.get(0);
        X509Certificate last = chain.get(chain.size() - 1);
        boolean known = authorities.stream()
                .anyMatch(authority -> authority.equals(last)
                        || authority.getSubjectX500Principal().equals(last.getIssuerX500Principal()));
        if (!known) {
            return "the certificate of " + called(server) + " is of an issuer that is not trusted, "
                    + name(last.getIssuerX500Principal().getName()) + ": put that issuer's certificate into the file of"
                    + " authorities (sslrootcert), which holds "
                    + (authorities.size() > 5
                            ? authorities.size() + " others"
                            : authorities.stream()
                                    .map(CertificateVerdict::called)
                                    .collect(Collectors.joining(", ", "", " only")));
        }
        if (host != null && !names(server).contains(host)) {
            return "the certificate of " + called(server) + " is for " + String.join(", ", names(server))
                    + " and not for " + host + ": call the server by one of these names, or give it a certificate with "
                    + host + " among its subject alternative names";
        }
        return "the certificate of " + called(server) + " was refused";
    }

    private static List<String> names(X509Certificate certificate) {
        List<String> names = new ArrayList<>();
        try {
            Collection<List<?>> alternatives = certificate.getSubjectAlternativeNames();
            for (List<?> alternative : alternatives == null ? List.<List<?>>of() : alternatives) {
                if (alternative.get(0) instanceof Integer kind && (kind == DNS || kind == ADDRESS)) {
                    names.add(String.valueOf(alternative.get(1)));
                }
            }
        } catch (CertificateParsingException broken) {
            names.clear();
        }
        return names.isEmpty() ? List.of("no name at all") : names;
    }

    /** Whose it is, by its common name. */
    static String called(X509Certificate certificate) {
        return name(certificate.getSubjectX500Principal().getName());
    }

    private static String name(String distinguished) {
        try {
            return new LdapName(distinguished)
                    .getRdns().stream()
                            .filter(part -> part.getType().equalsIgnoreCase("CN"))
                            .map(part -> String.valueOf(part.getValue()))
                            .findFirst()
                            .orElse(distinguished);
        } catch (InvalidNameException unusual) {
            return distinguished;
        }
    }

    private static String days(Duration duration) {
        long days = duration.toDays();
        return days > 1 ? days + " days" : duration.toHours() + " hours";
    }
}
