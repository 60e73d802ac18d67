-- SPDX-License-Identifier: Apache-2.0
-- The setup of a test file: one stand-in server for the whole file, reset before each case, and
-- child Neovims that are stopped after each case.
local children = require("helpers.child")
local layout = require("helpers.layout")
local standins = require("helpers.standin")

local M = {}

---@type tests.Standin
M.standin = nil

--- The text of a new chat.
M.EMPTY = "# === USER ===\n\n"

--- The text before the answer of a chat whose question is "Q".
M.QUESTION = "Q\n\n# === ASSISTANT ===\n\n"

--- The text that follows an answer.
M.NEXT = "\n\n# === USER ===\n\n"

--- Returns a set of cases with that setup.
---@return table
function M.set()
  return MiniTest.new_set({
    hooks = {
      pre_once = function()
        M.standin = standins.start()
      end,
      pre_case = function()
        M.standin:reset()
      end,
      post_case = children.stop_all,
      post_once = standins.stop_all,
    },
  })
end

--- Returns a config.md whose provider "standin" is the stand-in server. It has the models m1 to m9
--- and needs no key; m1 is the default model.
---@param more? string further lines of TOML
---@return string
function M.config(more)
  return ([[
+++
model = "m1"
%s
[providers.standin]
base_url = "http://127.0.0.1:%d/v1"
models = ["m1", "m2", "m3", "m4", "m5", "m6", "m7", "m8", "m9"]
+++
]]):format(more or "", M.standin.port)
end

--- Starts a child whose config.md is `M.config()`.
---@param options? tests.ChildOptions
---@return tests.Child
function M.child(options)
  return children.start(vim.tbl_extend("force", { config = M.config() }, options or {}))
end

--- Returns the text of a chat that ended with `question` after it was answered.
---@param question string
---@param answer string
---@return string
function M.answered(question, answer)
  return question .. "\n\n# === ASSISTANT ===\n\n" .. answer .. M.NEXT
end

--- Expects that a child has shown no message and no error so far.
---@param child tests.Child
function M.expect_calm(child)
  child:sync()
  -- Without a screen, Neovim 0.10 adds an empty message whenever insert mode ends.
  local messages = vim.trim(child:messages())
  MiniTest.expect.equality({ messages, child:api("nvim_get_vvar", "errmsg") }, { "", "" })
end

--- Expects a command to be refused with a message, and to change no buffer and no window.
---@param child tests.Child
---@param command string
---@param message string
function M.expect_refusal(child, command, message)
  local function state()
    local ticks = child:lua([[
      return vim.tbl_map(function(buf)
        return { buf, vim.api.nvim_buf_get_changedtick(buf) }
      end, vim.api.nvim_list_bufs())
    ]])
    return { ticks, layout.of(child) }
  end
  local before, messages = state(), #child:messages()
  child:command(command)
  M.expect_part(child:messages():sub(messages + 1), message)
  MiniTest.expect.equality(state(), before)
end

--- Expects `text` to contain `part`.
---@param text string
---@param part string
function M.expect_part(text, part)
  if not text:find(part, 1, true) then
    error(("%q is not in %q"):format(part, text), 2)
  end
end

return M
