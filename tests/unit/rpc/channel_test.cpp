// SPDX-License-Identifier: Apache-2.0
#include "chatvim/rpc/channel.hpp"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <nlohmann/json.hpp>
#include <random>
#include <string>
#include <vector>

#include "loop_support.hpp"

namespace chatvim::rpc {
namespace {

using testing::Pipe;
using testing::TestLoop;

std::string packed(const Json& value) {
  const auto bytes = Json::to_msgpack(value);
  return {bytes.begin(), bytes.end()};
}

/// A channel between two pipes, and what it was told.
struct Peer {
  TestLoop test;
  Pipe in;
  Pipe out;
  int closed = 0;
  std::string reason;  ///< why it was closed
  std::vector<std::string> errors;
  std::vector<Json> notified;
  Channel channel{test.loop(),
                  in.read_end(),
                  out.write_end(),
                  {[this](const std::string& why) {
                     ++closed;
                     reason = why;
                   },
                   [this](const std::string& error) { errors.push_back(error); }}};

  Peer() {
    loop::ignore_broken_pipes();
    loop::set_nonblocking(out.read_end());
    channel.on_notification("note",
                            [this](const Json& arguments) { notified.push_back(arguments); });
    channel.on_request("double", [](const Json& arguments) -> Result<Json> {
      if (arguments.size() != 1 || !arguments[0].is_number_integer()) {
        return tl::unexpected(Error{ErrorCode::kBadMessage, "one number"});
      }
      return Json(arguments[0].get<int>() * 2);
    });
  }

  /// Writes bytes and lets the channel read them.
  void receive(std::string_view bytes) {
    while (!bytes.empty()) {
      const auto part = bytes.substr(0, 32 * 1024);
      REQUIRE(loop::write_all(in.write_end(), part));
      bytes.remove_prefix(part.size());
      test.turn();
    }
  }

  std::string sent() const {
    std::string all;
    std::vector<char> buffer(65536);
    std::size_t count = 0;
    while (loop::read_some(out.read_end(), buffer.data(), buffer.size(), count) ==
           loop::Transfer::kDone) {
      all.append(buffer.data(), count);
    }
    return all;
  }
  Json sent_value() const { return Json::from_msgpack(sent()); }
};

TEST_CASE("a notification comes with its arguments", "[channel]") {
  Peer peer;
  const Json map = {{"id", 1},
                    {"text", "a\nb"},
                    {"list", {1, -2, 2.5, true, nullptr}},
                    {"empty", Json::object()}};
  peer.receive(packed({2, "note", {map}}));
  REQUIRE(peer.notified.size() == 1);
  CHECK(peer.notified[0] == Json::array({map}));
  peer.receive(packed({2, "unknown", Json::array()}));
  REQUIRE(peer.errors.size() == 1);
  CHECK(peer.errors[0].find("unknown") != std::string::npos);
}

TEST_CASE("strings are bytes, also those that are not UTF-8", "[channel]") {
  Peer peer;
  const std::string bytes("\xFF\0\xC3", 3);
  peer.receive(packed({2, "note", {bytes}}));
  REQUIRE(peer.notified.size() == 1);
  CHECK(peer.notified[0][0].get_ref<const std::string&>() == bytes);
  peer.channel.notify("x", Json::array({bytes}));
  CHECK(peer.sent_value()[2][0].get_ref<const std::string&>() == bytes);
}

TEST_CASE("a handle of Neovim's comes as its number", "[channel]") {
  Peer peer;
  peer.receive(std::string("\x93\x02\xA4note\x91\xD4\x00\x07", 11));
  REQUIRE(peer.notified.size() == 1);
  CHECK(peer.notified[0] == Json::array({7}));
}

TEST_CASE("a request is answered with a result or an error", "[channel]") {
  Peer peer;
  peer.receive(packed({0, 5, "double", {21}}));
  CHECK(peer.sent_value() == Json::array({1, 5, nullptr, 42}));
  peer.receive(packed({0, 6, "double", Json::array()}));
  CHECK(peer.sent_value() == Json::array({1, 6, "one number", nullptr}));
  peer.receive(packed({0, 7, "nothing", Json::array()}));
  const Json refusal = peer.sent_value();
  CHECK(refusal[1] == 7);
  CHECK(refusal[2].get<std::string>().find("nothing") != std::string::npos);
}

TEST_CASE("what is sent is a msgpack-RPC notification", "[channel]") {
  Peer peer;
  const Json arguments =
      Json::array({"text", Json{{"n", -1}, {"u", 300}, {"f", 0.5}, {"b", false}, {"z", nullptr}}});
  peer.channel.notify("method", arguments);
  CHECK(peer.sent_value() == Json::array({2, "method", arguments}));
}

TEST_CASE("frames may be cut at every byte", "[channel]") {
  const std::string frames =
      packed({2, "note", {Json{{"id", 1}, {"text", std::string(300, 'x')}}}}) +
      packed({0, 1, "double", {4}}) + packed({2, "note", {"last"}});
  const auto check = [](const Peer& peer) {
    REQUIRE(peer.notified.size() == 2);
    CHECK(peer.notified[0][0]["text"].get<std::string>().size() == 300);
    CHECK(peer.notified[1] == Json::array({"last"}));
    CHECK(peer.sent_value() == Json::array({1, 1, nullptr, 8}));
    CHECK(peer.errors.empty());
  };
  for (std::size_t cut = 0; cut <= frames.size(); ++cut) {
    Peer peer;
    peer.receive(frames.substr(0, cut));
    peer.receive(frames.substr(cut));
    check(peer);
  }
  Peer peer;
  for (const char byte : frames) peer.receive(std::string(1, byte));
  check(peer);
}

TEST_CASE("a message after one of megabytes may be cut at every byte", "[channel]") {
  const std::string large = packed({2, "note", {std::string(3'000'000, 'x')}});
  const std::string next = packed({2, "note", {"next"}});
  for (std::size_t cut = 0; cut <= next.size(); ++cut) {
    INFO(cut);
    Peer peer;
    peer.receive(large + next.substr(0, cut));
    peer.receive(next.substr(cut) + next);
    REQUIRE(peer.notified.size() == 3);
    CHECK((peer.notified[0][0].get_ref<const std::string&>().size() == 3'000'000));
    CHECK(peer.notified[1] == Json::array({"next"}));
    CHECK(peer.notified[2] == Json::array({"next"}));
    CHECK(peer.errors.empty());
  }
}

TEST_CASE("values that are no message are told and skipped", "[channel]") {
  Peer peer;
  std::size_t bad = 0;
  for (const Json& value :
       {Json(7), Json("text"), Json(nullptr), Json::array(), Json::object(), Json::array({9, 9, 9}),
        Json::array({2}), Json::array({2, "note"}), Json::array({2, 1, Json::array()}),
        Json::array({2, "note", 5}), Json::array({2, "note", Json{{"a", 1}}}),
        Json::array({2, "note", nullptr}), Json::array({-1, "note", Json::array()}),
        Json::array({0, 1, "double", 5}), Json::array({0, 1, 2, Json::array()}),
        Json::array({"2", "note", Json::array()})}) {
    INFO(value.dump());
    peer.receive(packed(value));
    CHECK(peer.errors.size() == ++bad);
  }
  // An answer to nothing is harmless.
  peer.receive(packed({1, 1, nullptr, nullptr}));
  CHECK(peer.errors.size() == bad);
  peer.receive(packed({2, "note", {"good"}}));
  CHECK(peer.notified.size() == 1);
}

TEST_CASE("bytes that are not msgpack close the channel", "[channel]") {
  Peer peer;
  peer.receive(packed({2, "note", {"good"}}) + "\xC1\xC1");
  CHECK(peer.notified.size() == 1);
  CHECK(peer.closed == 1);
  CHECK(peer.reason.find("not msgpack") != std::string::npos);
  // Nothing of what follows is understood as something else.
  for (int i = 0; i < 3; ++i) peer.receive(packed({2, "note", {std::string(9000, 'x')}}));
  CHECK(peer.notified.size() == 1);
  CHECK(peer.closed == 1);
}

TEST_CASE("frames that are too deep or have too many items are refused at once", "[channel]") {
  const std::vector<std::string> frames = {
      std::string(100, '\x91') + "\x01",       // 100 lists in one another
      "\xDD\xFF\xFF\xFF\xFF",                  // a list of 4 G items
      std::string("\xDF\x00\xFF\xFF\xFF", 5),  // a map of 16 M items
      "\xDF\xFF\xFF\xFF\xFF"};                 // a map of 4 G entries
  for (const std::string& frame : frames) {
    Peer peer;
    peer.receive(frame);
    CHECK(peer.closed == 1);
    CHECK_FALSE(peer.reason.empty());
    CHECK(peer.notified.empty());
  }
  Peer peer;
  Json deep = "inside";
  for (int i = 0; i < 50; ++i) deep = Json::array({deep});
  peer.receive(packed({2, "note", deep}));
  CHECK(peer.errors.empty());
  CHECK(peer.notified.size() == 1);
}

TEST_CASE("random bytes only make errors", "[channel]") {
  std::mt19937 random(7);
  std::uniform_int_distribution<int> byte(0, 255);
  for (int round = 0; round < 300; ++round) {
    Peer peer;
    std::string garbage;
    for (int i = 0; i < 500; ++i) garbage += static_cast<char>(byte(random));
    CHECK_NOTHROW(peer.receive(garbage));
    CHECK(peer.closed <= 1);
  }
}

TEST_CASE("a message of megabytes comes whole, and goes when the peer reads", "[channel]") {
  Peer peer;
  const std::string text(3'000'000, 'x');
  peer.receive(packed({2, "note", {text}}));
  REQUIRE(peer.notified.size() == 1);
  CHECK((peer.notified[0][0] == text));

  peer.channel.notify("big", Json::array({text}));
  CHECK(peer.channel.unsent_bytes() > 2'000'000);
  std::string received = peer.sent();
  peer.test.run_until([&] {
    received += peer.sent();
    return peer.channel.unsent_bytes() == 0;
  });
  received += peer.sent();
  CHECK((Json::from_msgpack(received)[2][0] == text));
}

TEST_CASE("the peer's end is told once, however it is noticed", "[channel]") {
  {
    Peer peer;
    peer.in.close_write();
    peer.test.turn();
    peer.test.turn();
    CHECK(peer.closed == 1);
    CHECK(peer.reason.empty());
    peer.channel.notify("x", Json::array());
    CHECK(peer.closed == 1);
  }
  {
    Peer peer;
    peer.out.close_read();
    peer.channel.notify("x", Json::array());
    peer.channel.notify("x", Json::array());
    CHECK(peer.closed == 1);
    peer.in.close_write();
    peer.test.turn();
    CHECK(peer.closed == 1);
  }
}

}  // namespace
}  // namespace chatvim::rpc
