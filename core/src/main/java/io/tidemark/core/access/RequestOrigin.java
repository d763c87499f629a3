package io.tidemark.core.access;

import java.net.URI;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Where a browser says that a request comes from. Pure. */
public final class RequestOrigin {
    private RequestOrigin() {}

    /**
     * Whether another site had a browser send the request. A program that says nothing of where it comes from carries its
     * token on purpose.
     *
     * @param site the header {@code Sec-Fetch-Site}
     * @param origin the header {@code Origin}
     * @param host the header {@code Host}
     */
    public static boolean isElsewhere(@Nullable String site, @Nullable String origin, @Nullable String host) {
        if (site != null && !site.equals("same-origin") && !site.equals("none")) {
            return true;
        }
        return origin != null && (host == null || !host.toLowerCase(Locale.ROOT).equals(hostOf(origin)));
    }

    private static String hostOf(String origin) {
        try {
            String authority = URI.create(origin).getRawAuthority();
            return authority == null ? "" : authority.toLowerCase(Locale.ROOT);
        } catch (IllegalArgumentException notAnOrigin) {
            return "";
        }
    }
}
