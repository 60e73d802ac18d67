// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch_test_macros.hpp>
#include <string>

#include "chatvim/text/secret_name.hpp"
#include "http/coding.hpp"

namespace chatvim::http {
namespace {

TEST_CASE("a body is compressed once at most, and with what cannot grow without measure",
          "[http]") {
  for (const Headers& headers :
       {Headers{}, Headers{{"Content-Encoding", "gzip"}}, Headers{{"content-encoding", " X-GZIP "}},
        Headers{{"Content-Encoding", "identity, deflate"}},
        Headers{{"Transfer-Encoding", "chunked"}, {"Content-Encoding", "gzip"}},
        Headers{{"X-Content-Encoding", "br"}}}) {
    CHECK(coding_problem(headers).empty());
  }
  for (const char* plain :
       {"none", "utf-8", "UTF-8", "identity, identity", "aws-chunked", "binary"}) {
    CHECK(coding_problem({{"Content-Encoding", plain}}).empty());
    CHECK_FALSE(is_compressed({{"Content-Encoding", plain}}));
  }
  CHECK(coding_problem({{"Content-Encoding", "aws-chunked, gzip"}}).empty());
  CHECK(is_compressed({{"Content-Encoding", "aws-chunked, gzip"}}));
  const auto says = [](const Headers& headers, const std::string& words) {
    CHECK(coding_problem(headers) == words);
  };
  says({{"Content-Encoding", "gzip, gzip"}}, "is compressed more than once (gzip, gzip)");
  says({{"Content-Encoding", "gzip"}, {"content-encoding", "gzip"}},
       "is compressed more than once (gzip, gzip)");
  says({{"Transfer-Encoding", "gzip, chunked"}, {"Content-Encoding", "deflate"}},
       "is compressed more than once (gzip, deflate)");
  says({{"Content-Encoding", "gzip,gzip,gzip,gzip"}},
       "is compressed more than once (gzip, gzip, gzip, …)");
  says({{"Content-Encoding", "br"}}, "is compressed with br, which was not asked for");
}

TEST_CASE("a header holds a secret where a whole word of its name says so", "[http]") {
  for (const char* name :
       {"Authorization", "x-api-key", "api-key", "apikey", "X-ApiKey", "Ocp-Apim-Subscription-Key",
        "x-portkey-api-key", "x-portkey-virtual-key", "PRIVATE-TOKEN", "Cookie", "X-Auth-Token",
        "x_secret", "Proxy-Authorization", "cf-access-client-secret"}) {
    INFO(name);
    CHECK(text::header_holds_secret(name));
  }
  for (const char* name : {"x-portkey-provider", "x-portkey-config", "X-Keyboard", "x-author",
                           "x-max-tokens", "Content-Type", "X-Monkey", ""}) {
    INFO(name);
    CHECK_FALSE(text::header_holds_secret(name));
  }
}

}  // namespace
}  // namespace chatvim::http
