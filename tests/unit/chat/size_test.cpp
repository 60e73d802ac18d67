// SPDX-License-Identifier: Apache-2.0
#include "chatvim/chat/size.hpp"
#include "chatvim/text/number.hpp"

#include <catch2/catch_test_macros.hpp>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace chatvim::chat {

namespace {

using settings::Scope;

std::optional<std::string> nothing(std::string_view) { return std::nullopt; }

settings::Layer layer(std::string_view toml, Scope scope = Scope::kConfiguration) {
  return settings::read_layer(settings::Language::kToml, toml, 2, scope);
}

/// Returns a chat of one long message, about 3,000 tokens.
Chat chat(std::vector<settings::Layer> layers) {
  document::Message message;
  for (int i = 0; i < 1000; ++i) message.content += "word and ";
  return {settings::Settings(layers), {}, {message}, 1, {}, Mode::kAnswer, std::nullopt};
}

constexpr const char* kPriced =
    "model = 'x/m'\n[providers.x]\nbase_url = 'https://x.example/v1'\n"
    "[facts.'x/m']\ncontext = 400000\nprice = {input = 10, output = 50}\n";

std::string refusal(const Chat& chat) {
  const auto plan = make_plan(chat, nothing);
  if (plan) return "";
  CHECK(plan.error().code == ErrorCode::kTooLarge);
  return plan.error().message;
}

}  // namespace

TEST_CASE("Numbers are formatted the same in every locale", "[size]") {
  CHECK(text::with_commas(0) == "0");
  CHECK(text::with_commas(999) == "999");
  CHECK(text::with_commas(1000) == "1,000");
  CHECK(text::with_commas(1234567) == "1,234,567");
  CHECK(in_dollars(0) == "$0");
  CHECK(in_dollars(0.0031) == "$0.0031");
  CHECK(in_dollars(0.00000012) == "$0.00000012");
  CHECK(in_dollars(0.37) == "$0.37");
  CHECK(in_dollars(2.5) == "$2.50");
  CHECK(in_dollars(1234.567) == "$1,234.57");
  CHECK(in_dollars(-1) == "$0");
}

TEST_CASE("A chat that is larger than max_input_tokens is refused with both numbers", "[size]") {
  CHECK(refusal(chat({layer(kPriced), layer("max_input_tokens = 100000")})).empty());
  const std::string message = refusal(chat({layer(kPriced), layer("max_input_tokens = 1500")}));
  CHECK(message.find("about 2,0") != std::string::npos);
  CHECK(message.find("more than max_input_tokens = 1,500: shorten it or raise the setting; "
                     "nothing was sent.") != std::string::npos);
}

TEST_CASE("A chat that would cost more than max_cost is refused with its cost items", "[size]") {
  // 2,007 tokens at $10 per million.
  CHECK(refusal(chat({layer(kPriced), layer("max_cost = 0.03")})).empty());
  const std::string input = refusal(chat({layer(kPriced), layer("max_cost = 0.01")}));
  CHECK(input.find("about $0.020 for the input alone, more than max_cost = $0.01:") !=
        std::string::npos);
  const std::string both =
      refusal(chat({layer(kPriced), layer("max_cost = 0.03\nmax_tokens = 1000")}));
  CHECK(both.find("$0.050 for an answer of 1,000 tokens, together $0.070, more than max_cost = "
                  "$0.03") != std::string::npos);
}

TEST_CASE("Without a token limit max_cost assumes the model's longest answer", "[size]") {
  const std::string facts = "[facts.'x/m']\nmax_output = 2000\nprice = {input = 10, output = 50}\n";
  const std::string server = "model = 'x/m'\n[providers.x]\nbase_url = 'https://x.example/v1'\n";
  const auto refused = [&](const std::string& more) {
    return refusal(chat({layer(server + facts), layer(more)}));
  };
  // $0.020 for the input, $0.10 for 2,000 tokens of output.
  CHECK(refused("max_cost = 0.13").empty());
  const std::string message = refused("max_cost = 0.11");
  CHECK(message.find("about $0.020 for the input and $0.10 for an answer of 2,000 tokens, the most "
                     "it can have, together $0.12, more than max_cost = $0.11: set max_tokens, "
                     "shorten it or raise the setting") != std::string::npos);
  CHECK(refused("max_cost = 0.11\nmax_tokens = 100").empty());
  CHECK(refused("max_cost = 0.11\n[body]\nmax_completion_tokens = 100").empty());
  CHECK(refused("max_cost = 0.13\n[body]\nn = 2").find("answer of 4,000 tokens") !=
        std::string::npos);
  // An omitted limit has no effect.
  CHECK(refused("max_cost = 0.11\nmax_tokens = 100\nomit = ['max_tokens']").find("2,000 tokens") !=
        std::string::npos);
  // A Messages request always has a limit, and that limit is used.
  const std::string messages = server + "api = 'messages'\n";
  CHECK(refusal(chat({layer(messages + facts), layer("max_cost = 0.11")})).find("2,000 tokens") !=
        std::string::npos);
  CHECK(refusal(chat({layer(messages + "[facts.'x/m']\nprice = {input = 10, output = 50}\n"),
                      layer("max_cost = 0.03")}))
            .find("the most it can have") != std::string::npos);
}

TEST_CASE("max_cost without a price is refused, except for local or free models", "[size]") {
  const auto with = [](const std::string& address, const std::string& more) {
    return refusal(chat({layer("model = 'x/m'\nmax_cost = 0.01\n[providers.x]\nbase_url = '" +
                               address + "'\n" + more)}));
  };
  const std::string message = with("https://x.example/v1", "");
  CHECK(message.find("The price of x/m is not known") == 0);
  CHECK(message.find("[facts.\"x/m\"]") != std::string::npos);
  CHECK(message.find("max_cost") != std::string::npos);
  CHECK(with("http://localhost:8080/v1", "").empty());
  CHECK(with("http://127.0.0.1:8080/v1", "").empty());
  CHECK(with("http://[::1]:8080/v1", "").empty());
  CHECK(with("https://x.example/v1", "[facts.'x/m']\nprice = {input = 0, output = 0}\n").empty());
  // An explicit price applies there too.
  CHECK_FALSE(with("http://localhost:8080/v1", "[facts.'x/m']\nprice = {input = 10, output = 0}\n")
                  .empty());
}

TEST_CASE("A document may lower a limit but not raise it", "[size]") {
  const auto limit = [](std::vector<settings::Layer> layers) {
    return settings::Settings(layers).number("max_input_tokens");
  };
  const auto weak = layer("max_input_tokens = 100");
  CHECK(limit({weak, layer("max_input_tokens = 50", Scope::kDocument)}) == 50);
  CHECK(limit({weak, layer("max_input_tokens = 500", Scope::kDocument)}) == 100);
  CHECK(limit({layer("max_input_tokens = 500", Scope::kDocument)}) == 500);
  // The user's own layers override one another; documents can only lower a limit.
  CHECK(limit({weak, layer("max_input_tokens = 500")}) == 500);
  CHECK(limit({layer("max_input_tokens = 5", Scope::kDocument),
               layer("max_input_tokens = 7", Scope::kDocument)}) == 5);
  const std::vector<settings::Layer> cost{layer("max_cost = 1"),
                                          layer("max_cost = 1.5", Scope::kDocument)};
  CHECK(settings::Settings(cost).number("max_cost") == 1);
}

TEST_CASE("The limits are checked as settings", "[size]") {
  const auto message = [](std::string_view toml) {
    const auto read = layer(toml);
    return read.diagnostics.empty() ? std::string() : read.diagnostics.front().message;
  };
  CHECK(message("max_input_tokens = 1").empty());
  CHECK(message("max_cost = 0.001").empty());
  CHECK(message("max_cost = 2").empty());
  CHECK(message("max_input_tokens = 0") == "max_input_tokens must be 1 or more, not 0.");
  CHECK(message("max_cost = 0") == "max_cost must be more than 0.");
  CHECK(message("max_cost = -0.5") == "max_cost must be more than 0.");
  CHECK_FALSE(message("max_cost = '1'").empty());
}

TEST_CASE("An estimate is made if it is requested or cheap", "[size]") {
  store::Calibration calibration("");
  const auto send = make_plan(chat({layer(kPriced)}), nothing, Purpose::kSend, &calibration);
  REQUIRE(send);
  REQUIRE(send->raw_tokens);
  CHECK_FALSE(send->input_tokens);

  calibration.learn("x/m", *send->raw_tokens, static_cast<std::int64_t>(*send->raw_tokens * 2));
  const auto show = make_plan(chat({layer(kPriced)}), nothing, Purpose::kShow, &calibration);
  REQUIRE(show);
  CHECK(show->input_tokens == *send->raw_tokens * 2);
  const Json size = describe_size(size_of(*show));
  CHECK(size.at("tokens") == *send->raw_tokens * 2);
  CHECK(size.at("context") == 400'000);
  CHECK(size.at("price").get<double>() > 0.03);
  CHECK(size_in_words(*show).find(" of 400,000 that m takes; about $0.04") != std::string::npos);

  Chat large = chat({layer(kPriced)});
  large.messages[0].content = std::string(300'000, 'x');
  const auto unasked = make_plan(large, nothing, Purpose::kSend, &calibration);
  REQUIRE(unasked);
  CHECK_FALSE(unasked->raw_tokens);
  CHECK_FALSE(unasked->input_tokens);
}

TEST_CASE("The calibration ignores requests that the estimate does not cover", "[size]") {
  store::Calibration calibration("");
  Chat with_picture = chat({layer(kPriced)});
  document::Part part;
  part.kind = document::Part::Kind::kPicture;
  part.url = "https://x.example/a.png";
  with_picture.messages[0].parts = {part};
  const auto picture = make_plan(with_picture, nothing, Purpose::kShow, &calibration);
  if (picture) CHECK_FALSE(picture->raw_tokens);
  const auto tools = make_plan(chat({layer(kPriced), layer("[body]\ntools = []")}), nothing,
                               Purpose::kShow, &calibration);
  REQUIRE(tools);
  CHECK_FALSE(tools->raw_tokens);
  CHECK(tools->input_tokens);
}

TEST_CASE("The limits are checked against the body as it will be sent", "[size]") {
  const auto own = layer("max_cost = 1\nmax_tokens = 100");
  const auto refused = [&](std::string_view document) {
    return refusal(chat({layer(kPriced), own, layer(document, Scope::kDocument)}));
  };
  CHECK(refused("temperature = 1").empty());
  CHECK(refused("[body]\nmodel = 'unknown'").find("The price of x/unknown is not known") == 0);
  CHECK(refused("[body]\nmodel = ['m']").find("The price of x/? is not known") == 0);
  CHECK(refused("service_tier = 'priority'").find("The price of x/m is not known") == 0);
  CHECK(refused("service_tier = 'flex'").empty());
  CHECK(refused("omit = ['max_tokens']").find("With omit in the request max_cost") == 0);
  CHECK(refused("[body]\nmax_output_tokens = 1e9").find("more than max_cost") != std::string::npos);
  CHECK(refused("[body]\nn = 1000").find("more than max_cost") != std::string::npos);
  CHECK(refused("[body]\nn = '9'").find("With n in the request") == 0);
  CHECK(refused("[body]\ntools = []").find("With body.tools in the document max_cost") == 0);
  CHECK(refused("model = 'x/m:online'").find("With model x/m:online in the document max_cost") ==
        0);
  // The user's own settings are counted, but trusted.
  CHECK(refusal(chat({layer(kPriced), own, layer("[body]\nplugins = [1]")})).empty());
  CHECK(refusal(chat({layer(kPriced), layer("max_cost = 1\n[body]\nn = 2")})).find("With n in") ==
        0);
}

}  // namespace chatvim::chat
