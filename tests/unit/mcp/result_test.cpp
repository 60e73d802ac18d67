// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch_test_macros.hpp>
#include <string>

#include "mcp/limits.hpp"
#include "mcp/param_headers.hpp"
#include "mcp/result_text.hpp"
#include "mcp/tool_list.hpp"

namespace chatvim::mcp {
namespace {

using Headers = std::vector<std::pair<std::string, std::string>>;

TEST_CASE("mcp results: content becomes text", "[mcp]") {
  const auto text = [](std::string_view json) { return read_result(json).text; };
  CHECK(text(R"({"content":[{"type":"text","text":"a\n"},{"type":"text","text":"b"}]})") ==
        "a\n\n\nb");
  CHECK(text(R"({"content":[{"type":"resource_link","uri":"file:///x","name":"x.c"}]})") ==
        "[x.c](file:///x)");
  CHECK(text(R"({"content":[{"type":"resource_link","uri":"u","title":"T","description":"d"}]})") ==
        "[T](u): d");
  CHECK(text(R"({"content":[{"type":"image","data":"aGk=","mimeType":"image/png"}]})") ==
        "[The tool returned a picture (image/png) that cannot be shown here]");
  CHECK(text(R"({"content":[{"type":"resource","resource":{"uri":"u","text":"t"}}]})") == "t");
  CHECK(text(R"({"content":[{"type":"resource","resource":{"uri":"u","blob":"aGk="}}]})") ==
        "[The tool returned data that cannot be shown here]");
  CHECK(text(R"({"content":[{"type":"hologram"}]})") ==
        "[The tool returned content of the type \"hologram\" that cannot be shown here]");
  CHECK(text(R"({"content":[],"structuredContent":{"a":[1, 2]}})") == R"({"a":[1, 2]})");
  CHECK(text(R"({"content":[{"type":"text","text":"t"}],"structuredContent":{"a":1}})") == "t");
  CHECK(text(R"({"content":null,"structuredContent":null})").empty());
}

TEST_CASE("mcp results: errors, types and size", "[mcp]") {
  CHECK(read_result(R"({"content":[{"type":"text","text":"no"}],"isError":true})").is_error);
  CHECK_FALSE(read_result(R"({"resultType":"complete","content":[]})").is_error);
  CHECK(read_result(R"({"resultType":"input_required","inputRequests":{}})").is_error);
  CHECK(read_result(R"({"resultType":"tea"})").text ==
        "Chatvim does not know results of the type \"tea\", which the tool returned.");
  std::string json = R"({"content":[)";
  for (int i = 0; i < 5; ++i) {
    json += (i > 0 ? "," : "") + std::string(R"({"type":"text","text":")") +
            std::string(kMostString, 'x') + "\"}";
  }
  const auto result = read_result(json + "]}");
  CHECK(result.text.size() == kMostResult);
  CHECK(result.left_out == kMostString + 4 * 2);
}

TEST_CASE("mcp tools: a list keeps its order and leaves out what cannot be used", "[mcp]") {
  ToolList list("s", false);
  const auto next = list.add(
      R"({"tools":[{"name":"b","description":"B","inputSchema":{"type":"object"},
      "annotations":{"readOnlyHint":true,"openWorldHint":false}},{"name":"a","title":"A"},
      {"description":"nameless"},{"name":"b"},{"name":"c","inputSchema":[]}],"nextCursor":""})");
  REQUIRE(next);
  CHECK(next->empty());
  CHECK_FALSE(list.add(R"({"tools":[{"name":"z"}]})"));
  REQUIRE(list.tools().size() == 3);
  CHECK(list.tools()[0].name == "b");
  CHECK(list.tools()[0].server == "s");
  CHECK(list.tools()[0].schema == R"({"type":"object"})");
  CHECK(list.tools()[0].hints == std::vector<std::string>{"read-only"});
  CHECK(list.tools()[1].description == "A");
  CHECK(list.tools()[2].name == "z");
  CHECK(list.remarks().size() == 3);
}

TEST_CASE("mcp tools: a list has at most 100 pages, 512 tools and 4 MiB", "[mcp]") {
  ToolList pages("s", false);
  int count = 1;
  while (pages.add(R"({"tools":[{"name":"same"}],"nextCursor":"x"})")) ++count;
  CHECK(count == kMostPages);
  CHECK(pages.tools().size() == 1);
  ToolList many("s", false);
  std::string page = R"({"tools":[)";
  for (std::size_t i = 0; i <= kMostTools; ++i) {
    page += (i > 0 ? "," : "") + std::string(R"({"name":"t)") + std::to_string(i) + "\"}";
  }
  CHECK_FALSE(many.add(page + R"(],"nextCursor":"x"})"));
  CHECK(many.tools().size() == kMostTools);
  ToolList large("s", false);
  const std::string half =
      R"({"tools":[],"x":")" + std::string(kMostListBytes / 2, 'x') + R"(","nextCursor":"x"})";
  CHECK(large.add(half));
  CHECK_FALSE(large.add(half));
}

TEST_CASE("mcp headers: annotated parameters, and those that break the rules", "[mcp]") {
  const auto found = find_param_headers(
      R"({"type":"object","properties":{"region":{"type":"string","x-mcp-header":"Region"},
      "at":{"type":"object","properties":{"n":{"x-mcp-header":"N","type":"integer"}}},
      "x-mcp-header":{"type":"string"},"flag":{"type":"boolean","x-mcp-header":"F"}},
      "default":{"x-mcp-header":"ignored"}})");
  REQUIRE(found);
  CHECK(make_param_headers(*found, R"({"region":"us west","at":{"n":-7},"flag":false})") ==
        Headers{{"Mcp-Param-Region", "us west"}, {"Mcp-Param-N", "-7"}, {"Mcp-Param-F", "false"}});
  CHECK(make_param_headers(*found, R"({"region":null,"at":{}})").empty());
  for (const char* schema :
       {R"({"properties":{"a":{"type":"string","x-mcp-header":""}}})",
        R"({"properties":{"a":{"type":"string","x-mcp-header":"a b"}}})",
        R"({"properties":{"a":{"type":"string","x-mcp-header":"a\r\nb"}}})",
        R"({"properties":{"a":{"type":"number","x-mcp-header":"A"}}})",
        R"({"properties":{"a":{"type":"string","x-mcp-header":5}}})",
        R"({"properties":{"a":{"items":{"type":"string","x-mcp-header":"A"}}}})",
        R"({"anyOf":[{"properties":{"a":{"type":"string","x-mcp-header":"A"}}}]})",
        R"({"type":"string","x-mcp-header":"A"})",
        R"({"properties":{"a":{"type":"string","x-mcp-header":"A"},
        "b":{"type":"string","x-mcp-header":"a"}}})"}) {
    CAPTURE(schema);
    CHECK_FALSE(find_param_headers(schema));
  }
}

TEST_CASE("mcp headers: values are encoded as the specification shows", "[mcp]") {
  CHECK(encode_header_value("us-west1") == "us-west1");
  CHECK(encode_header_value("Hello, 世界") == "=?base64?SGVsbG8sIOS4lueVjA==?=");
  CHECK(encode_header_value(" padded ") == "=?base64?IHBhZGRlZCA=?=");
  CHECK(encode_header_value("line1\nline2") == "=?base64?bGluZTEKbGluZTI=?=");
  CHECK(encode_header_value("=?base64?literal?=") == "=?base64?PT9iYXNlNjQ/bGl0ZXJhbD89?=");
}

}  // namespace
}  // namespace chatvim::mcp
