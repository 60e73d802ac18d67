// SPDX-License-Identifier: Apache-2.0
#include "chatvim/text/url.hpp"

#include <catch2/catch_test_macros.hpp>
#include <string>
#include <vector>

#include "property.hpp"

namespace chatvim::text {
namespace {

using Parts = std::vector<std::string>;

/// Returns the parts in order. The scheme has its colon, and the "//" is a part of its own.
Parts parts_of(std::string_view text) {
  const Url url = split_url(text);
  Parts out = {url.scheme.empty() ? "" : url.scheme + ":", url.has_authority ? "//" : ""};
  for (const auto part : {url.user, url.host, url.port, url.path, url.query, url.fragment}) {
    out.emplace_back(part);
  }
  return out;
}

std::string joined(const Parts& parts) {
  std::string out;
  for (const std::string& part : parts) out += part;
  return out;
}

TEST_CASE("url: the parts of each form", "[text]") {
  const std::vector<Parts> cases = {
      {"", "", "", "", "", "", "", ""},
      {"https:", "//", "me:pw@", "h.example", ":8080", "/v1/x", "?a=b/@:", "#c?d#e"},
      {"http:", "//", "", "h", "", "", "", ""},
      {"http:", "//", "", "h", ":", "/", "", ""},
      {"http:", "//", "", "h", "", "", "?a", ""},
      {"http:", "//", "", "h", "", "", "", "#/a"},
      // The last "@" ends the user info, but only before the path.
      {"http:", "//", "a@b:c@", "h", ":1", "", "", ""},
      {"http:", "//", "", "h", "", "/a@b:1", "", ""},
      {"http:", "//", "me@", "", "", "", "", ""},
      {"http:", "//", "", "[::1]", ":80", "/v1", "", ""},
      {"http:", "//", "u:[@", "[fe80::1%25eth0]", "", "", "", ""},
      {"http:", "//", "", "[::1", "", "/]:80", "", ""},
      {"http:", "//", "", "", ":80", "/", "", ""},
      {"http:", "//", "", "", "", "/v1", "", ""},
      {"http:", "//", "", "", "", "", "", ""},
      {"file:", "//", "", "", "", "/a b", "", "#L1"},
      {"file:", "", "", "", "", "/a", "", ""},
      {"mailto:", "", "", "", "", "a@b", "", ""},
      {"localhost:", "", "", "", "", "8080/v1", "", ""},
      {"a+b-c.1:", "//", "", "h", "", "", "", ""},
      // Relative references.
      {"", "//", "me@", "h", ":1", "/x", "?y", ""},
      {"", "", "", "", "", "/a/http://b:1", "", ""},
      {"", "", "", "", "", "h.example/a:b", "", ""},
      {"", "", "", "", "", "", "?a=http://b", ""},
      {"", "", "", "", "", "", "", "#a"},
      // A scheme begins with a letter.
      {"", "", "", "", "", "127.0.0.1:80/v1", "", ""},
      {"", "", "", "", "", "://h", "", ""},
      {"", "", "", "", "", "a b://h", "", ""},
  };
  for (const Parts& parts : cases) {
    INFO(joined(parts));
    CHECK(parts_of(joined(parts)) == parts);
  }
  CHECK(split_url("HtTPs://Me@H/P").origin() == "https://Me@H");
}

TEST_CASE("url: the origin precedes the path", "[text]") {
  CHECK(split_url("http://u:p@h:1/v1?a#b").origin() == "http://u:p@h:1");
  CHECK(split_url("HTTP://[::1]?a").origin() == "http://[::1]");
  CHECK(split_url("//h/a").origin() == "//h");
  CHECK(split_url("file:///a").origin() == "file://");
  CHECK(split_url("file:/a").origin().empty());
  CHECK(split_url("h/a").origin().empty());
}

TEST_CASE("url: http URLs have a host and no white space", "[text]") {
  for (const char* good : {"http://h", "HTTPS://h", "http://h:80", "http://[::1]:80/v1#x",
                           "http://u:p@w@h/", "https://h?a", "http://\xC3\xA9.example"}) {
    INFO(good);
    CHECK(parse_http_url(good));
  }
  for (const char* bad : {"",
                          "h",
                          "//h",
                          "http:",
                          "http:/h",
                          "http:h",
                          "http://",
                          "http:///v1",
                          "http://:80",
                          "http://me@",
                          "http://me@:80",
                          "http://?a",
                          "http://#h",
                          "ftp://h",
                          "file:///h",
                          "xhttp://h",
                          " http://h",
                          "http://h h",
                          "http://h/\t",
                          "http://h#\n",
                          "http://h\x7F"}) {
    INFO(bad);
    CHECK_FALSE(parse_http_url(bad));
  }
}

TEST_CASE("url: the parts of any text give the text again", "[text]") {
  CHECK(testing::holds("split_url", 1000, [] {
    const auto text =
        *rc::gen::container<std::string>(rc::gen::elementOf(std::string("a1:/@?#[].")));
    RC_ASSERT(joined(parts_of(text)) == text);
  }));
}

}  // namespace
}  // namespace chatvim::text
