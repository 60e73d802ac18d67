-- SPDX-License-Identifier: Apache-2.0
-- What a test file starts with: one stand-in for the file, empty before each case, and Neovims
-- that end with their case.
local children = require("helpers.child")
local standins = require("helpers.standin")

local M = {}

---@type tests.Standin
M.standin = nil

--- A set of cases.
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

--- A config.md whose provider "standin" is the stand-in with the models m1 to m9 and needs no key;
--- m1 is the model of every chat.
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

--- A Neovim whose config.md is `M.config()`.
---@param options? tests.ChildOptions
---@return tests.Child
function M.child(options)
  return children.start(vim.tbl_extend("force", { config = M.config() }, options or {}))
end

--- What a buffer holds after a chat was answered that ends with `question`.
---@param question string
---@param answer string
---@return string
function M.answered(question, answer)
  return question .. "\n\n# === ASSISTANT ===\n\n" .. answer .. "\n\n# === USER ===\n\n"
end

--- Expects that a Neovim has reported no error of any kind so far.
---@param child tests.Child
function M.expect_calm(child)
  child:sync()
  -- Neovim 0.10 without a screen puts an empty message there for each insert mode that ends.
  local messages = vim.trim(child:messages())
  MiniTest.expect.equality({ messages, child:api("nvim_get_vvar", "errmsg") }, { "", "" })
end

--- Expects a part in a text.
---@param text string
---@param part string
function M.expect_part(text, part)
  if not text:find(part, 1, true) then
    error(("%q is not in %q"):format(part, text), 2)
  end
end

return M
