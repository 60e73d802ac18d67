// SPDX-License-Identifier: Apache-2.0
#include "address.hpp"

#include <curl/curl.h>

#include "chatvim/http/client.hpp"

namespace chatvim::http {

Address address_of(const std::string& url) {
  CURLU* parts = curl_url();
  Address address;
  // A proxy's URL may lack a scheme or have one that is not for requests.
  constexpr unsigned kFlags = CURLU_GUESS_SCHEME | CURLU_NON_SUPPORT_SCHEME;
  if (parts && curl_url_set(parts, CURLUPART_URL, url.c_str(), kFlags) == CURLUE_OK) {
    const auto part = [parts](CURLUPart which) {
      char* text = nullptr;
      std::string out;
      if (curl_url_get(parts, which, &text, 0) == CURLUE_OK) out = text;
      curl_free(text);
      return out;
    };
    address = {part(CURLUPART_HOST), part(CURLUPART_PORT)};
  }
  curl_url_cleanup(parts);
  std::string& host = address.host;
  if (host.size() > 2 && host.front() == '[') host = host.substr(1, host.size() - 2);
  return address;
}

bool is_loopback(const std::string& host) {
  // A name such as 127.example.com can lead anywhere.
  const bool is_number = host.find_first_not_of("0123456789.") == std::string::npos;
  return host == "localhost" || host == "::1" || (is_number && host.starts_with("127.")) ||
         (host.size() > 10 && host.ends_with(".localhost"));
}

bool is_own_machine(const std::string& url) { return is_loopback(address_of(url).host); }

}  // namespace chatvim::http
